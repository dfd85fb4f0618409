package dev.jbuild.runtime.launch;

import java.io.IOException;
import java.nio.file.Path;

/** Starts the launcher as a process of the JVM's, by way of the JVM's own helper. */
public record ProcessStarter(Path launcher) implements Starter {
    /** ETXTBSY as {@link ProcessBuilder} tells it. */
    private static final String BUSY = "error: 26 ";

    /** In milliseconds; all pauses together are twice as long. */
    private static final int LONGEST_PAUSE = 512;

    @Override
    public Started start() throws IOException, InterruptedException {
        Process process = process();
        return new Started(process.getOutputStream(), process.getInputStream());
    }

    /**
     * A process that another thread forked while the launcher was being copied has the copy open for writing until it
     * executes its own program; so long nobody can execute it (execve(2), ETXTBSY), and it is tried again.
     */
    Process process() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "run")
                .directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        for (int pause = 1; ; pause *= 2) {
            try {
                return builder.start();
            } catch (IOException e) {
                if (pause > LONGEST_PAUSE || !String.valueOf(e.getMessage()).contains(BUSY)) {
                    throw e;
                }
            }
            Thread.sleep(pause);
        }
    }
}
