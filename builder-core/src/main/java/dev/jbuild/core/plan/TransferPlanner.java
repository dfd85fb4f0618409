package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Heredoc;
import dev.jbuild.dockerfile.Instruction.Add;
import dev.jbuild.dockerfile.Instruction.Copy;
import dev.jbuild.dockerfile.Transfer;
import dev.jbuild.dockerfile.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the step of a COPY or an ADD. */
final class TransferPlanner {
    private final Scope scope;
    private final String workdir;

    TransferPlanner(Scope scope, String workdir) {
        this.scope = scope;
        this.workdir = workdir;
    }

    TransferPlan plan(Copy copy) throws ExpansionException {
        List<String> sources = scope.expandAll(copy.files().sources());
        for (String path : sources) {
            if (AddSources.isRemote(path)) {
                throw new ExpansionException("COPY takes no URL or git repository (\"" + path + "\"); ADD does");
            }
        }
        AddSources local = new AddSources(sources, List.of(), List.of());
        return plan(copy.parents() ? "COPY --parents" : "COPY", copy.files(), local, copy.parents(), false);
    }

    TransferPlan plan(Add add) throws ExpansionException {
        AddSources sources = AddSources.of(scope.expandAll(add.files().sources()), add, expanded(add.checksum()));
        return plan("ADD", add.files(), sources, false, add.unpack().orElse(true));
    }

    private TransferPlan plan(String keyword, Transfer transfer, AddSources from, boolean parents, boolean unpack)
            throws ExpansionException {
        List<SourcePath> sources = new ArrayList<>();
        for (String source : from.local()) {
            sources.add(parents ? SourcePath.withParents(source) : SourcePath.of(source));
        }
        Optional<String> owner = expanded(transfer.chown());
        Optional<String> chmod = expanded(transfer.chmod());
        String destination = scope.expand(transfer.destination());
        Step.CopyFiles step = new Step.CopyFiles(
                sources,
                from.parts(),
                inline(transfer.heredocs()),
                ImagePaths.destination(workdir, destination),
                owner,
                chmod.isPresent() ? Optional.of(Chmod.parse(chmod.get())) : Optional.empty(),
                transfer.link(),
                transfer.exclude(),
                unpack);
        return new TransferPlan(step, from.origins(), createdBy(keyword, transfer, owner, chmod, destination));
    }

    private Optional<String> expanded(Optional<Word> word) throws ExpansionException {
        return word.isPresent()
                ? Optional.of(scope.expand(word.get())).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private List<InlineFile> inline(List<Heredoc> heredocs) throws ExpansionException {
        List<InlineFile> files = new ArrayList<>();
        for (Heredoc heredoc : heredocs) {
            files.add(new InlineFile(heredoc.name(), scope.expand(heredoc)));
        }
        return files;
    }

    private String createdBy(
            String keyword, Transfer transfer, Optional<String> owner, Optional<String> chmod, String destination)
            throws ExpansionException {
        StringBuilder text = new StringBuilder(keyword);
        owner.ifPresent(value -> text.append(" --chown=").append(value));
        chmod.ifPresent(value -> text.append(" --chmod=").append(value));
        scope.expandAll(transfer.sources()).forEach(source -> text.append(' ').append(source));
        transfer.heredocs().forEach(heredoc -> text.append(" <<").append(heredoc.name()));
        return text.append(' ').append(destination).append(" # buildkit").toString();
    }
}
