package dev.jbuild.dockerfile;

import java.util.List;
import java.util.Optional;

/** What RUN, CMD, ENTRYPOINT and HEALTHCHECK start: never expanded by the builder. */
public sealed interface CommandLine {
    /** The JSON form: a program and its arguments, without a shell. */
    record Exec(List<String> argv) implements CommandLine {
        public Exec {
            argv = List.copyOf(argv);
        }
    }

    /**
     * The shell form: a text that the stage's SHELL gets as one argument.
     *
     * @param heredocs the here-documents that the text names, in order; only RUN has any
     */
    record Shell(String text, List<Heredoc> heredocs) implements CommandLine {
        public Shell {
            heredocs = List.copyOf(heredocs);
        }

        /** The here-document that is the whole command ({@code RUN <<EOF}): its body is the script to run. */
        public Optional<Heredoc> script() {
            return heredocs.size() == 1 && HeredocHeader.parse(text).isPresent()
                    ? Optional.of(heredocs.getFirst())
                    : Optional.empty();
        }

        /**
         * The text with its here-documents, as the shell gets it: the body alone where that is the whole command, else
         * the command followed by each here-document, so that the shell does the redirection itself.
         */
        public String scriptText() {
            Optional<Heredoc> script = script();
            if (script.isPresent()) {
                return script.get().body();
            }
            StringBuilder all = new StringBuilder(text);
            for (Heredoc heredoc : heredocs) {
                all.append('\n').append(heredoc.content()).append(heredoc.name());
            }
            return all.toString();
        }
    }
}
