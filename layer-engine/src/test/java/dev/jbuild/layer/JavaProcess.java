package dev.jbuild.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
        return of(prefix, options, System.getProperty("java.class.path"), program, arguments);
    }

    /** A copy of this JVM's class path for another user, who may not read where it lies. */
    public static String copyOfClassPath(Path folder) throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            Path copy = folder.resolve(copies.size() + ".jar");
            // Maven's ends with nothing, which would be the present directory.
            if (!entry.isEmpty() && Files.exists(Path.of(entry))) {
                copy(Path.of(entry), copy);
                copies.add(copy.toString());
            }
        }
        return String.join(":", copies);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /**
     * @param prefix words to go before the JVM's
     * @param options of the JVM, besides those that all have
     * @param classPath where the other JVM finds its classes
     */
    public static ProcessBuilder of(
            List<String> prefix, List<String> options, String classPath, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp", classPath, program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
