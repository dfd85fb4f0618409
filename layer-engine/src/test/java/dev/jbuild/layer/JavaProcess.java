package dev.jbuild.layer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the tests in a JVM of their own, with the class path of this one. */
public final class JavaProcess {
    /** Takes what root is allowed: what is started after these words cannot pass over modes or give files away. */
    public static final List<String> WITHOUT_PRIVILEGE = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");

    private JavaProcess() {}

    /** Not yet started. */
    public static ProcessBuilder of(Class<?> program, String... arguments) {
        return of(List.of(), program, arguments);
    }

    /** Not yet started; errors go where the output goes. */
    public static ProcessBuilder withoutPrivilege(Class<?> program, String... arguments) {
        return of(WITHOUT_PRIVILEGE, program, arguments).redirectErrorStream(true);
    }

    /** @param prefix words to go before the JVM's */
    public static ProcessBuilder of(List<String> prefix, Class<?> program, String... arguments) {
        return of(prefix, List.of(), program, arguments);
    }

    /**
     * @param prefix words to go before the JVM's
     * @param options of the JVM, besides those that all have
     */
    public static ProcessBuilder of(List<String> prefix, List<String> options, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
