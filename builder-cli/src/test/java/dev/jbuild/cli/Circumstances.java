package dev.jbuild.cli;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What one user's shell and machine have otherwise than another's, and no result may depend on.
 *
 * @param umask octal
 * @param timeZone value of TZ
 * @param locale value of LC_ALL; Turkish, whose small letter of I is another, is asked of the JVM, too, since few machines have it installed
 * @param processors that the JVM takes the machine to have
 */
record Circumstances(String umask, String timeZone, String locale, int processors) {
    private static final List<String> UMASKS = List.of("022", "000", "077");
    private static final List<String> TIME_ZONES = List.of("UTC", "Asia/Kolkata", "America/St_Johns");
    private static final List<String> LOCALES = List.of("C.UTF-8", "C", "tr_TR.UTF-8");
    private static final List<Integer> PROCESSORS = List.of(2, 1, 7);

    /** Nine, in which every value of one meets every value of each other (Taguchi's array L9). */
    static List<Circumstances> covering() {
        return IntStream.range(0, 9)
                .mapToObj(row -> of(row / 3, row % 3, (row / 3 + row) % 3, (row / 3 + 2 * row) % 3))
                .toList();
    }

    private static Circumstances of(int umask, int timeZone, int locale, int processors) {
        return new Circumstances(
                UMASKS.get(umask), TIME_ZONES.get(timeZone), LOCALES.get(locale), PROCESSORS.get(processors));
    }

    /** The words that go before a program to start it so. */
    List<String> prefix() {
        String turkish = locale.startsWith("tr") ? " -Duser.language=tr -Duser.country=TR" : "";
        return List.of(
                "sh",
                "-c",
                "umask " + umask + "; exec \"$0\" \"$@\"",
                "env",
                "TZ=" + timeZone,
                "LC_ALL=" + locale,
                "JBUILD_JAVA_OPTIONS=-XX:ActiveProcessorCount=" + processors + turkish);
    }
}
