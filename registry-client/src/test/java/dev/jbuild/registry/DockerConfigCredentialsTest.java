package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerConfigCredentialsTest {
    private static final String ANNA =
            Base64.getEncoder().encodeToString("anna:s:cret".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    /** Answers of helpers by {@code NAME SERVER}. */
    private final Map<String, CredentialHelper.Reply> replies = new HashMap<>();

    private final List<String> asked = new ArrayList<>();

    private Optional<Login> find(String config, String registry) throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), config.replace('\'', '"'));
        return new DockerConfigCredentials(file, this::reply).find(registry);
    }

    private CredentialHelper.Reply reply(String name, String server) {
        asked.add(name + " " + server);
        return replies.getOrDefault(
                name + " " + server, new CredentialHelper.Reply(1, "credentials not found in native keychain\n"));
    }

    private static CredentialHelper.Reply known(String user, String secret) {
        return new CredentialHelper.Reply(
                0, "{\"ServerURL\":\"x\",\"Username\":\"" + user + "\",\"Secret\":\"" + secret + "\"}");
    }

    @Test
    void withoutAFileNobodyIsKnown() throws IOException {
        assertThat(new DockerConfigCredentials(folder.resolve("none.json"), this::reply).find("docker.io"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reg.example:5000", "https://reg.example:5000", "http://reg.example:5000/v1/"})
    void aLoginIsFoundUnderTheHostHoweverItIsWritten(String key) throws IOException {
        assertThat(find("{'auths':{'other':{},'" + key + "':{'auth':'" + ANNA + "'}}}", "reg.example:5000"))
                .contains(new Login.Password("anna", "s:cret"));
    }

    @Test
    void aLoginForOnePortIsNotForAnother() throws IOException {
        String config = "{'auths':{'reg.example:5000':{'auth':'" + ANNA + "'}}}";

        assertThat(find(config, "reg.example")).isEmpty();
        assertThat(find(config, "reg.example:5001")).isEmpty();
        assertThat(find(config, "evil.reg.example:5000")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://index.docker.io/v1/", "docker.io", "registry-1.docker.io"})
    void dockerHubsLoginHasManyNames(String key) throws IOException {
        assertThat(find("{'auths':{'" + key + "':{'auth':'" + ANNA + "'}}}", "docker.io"))
                .contains(new Login.Password("anna", "s:cret"));
    }

    @Test
    void anIdentityTokenGoesBeforeThePassword() throws IOException {
        assertThat(find("{'auths':{'r.io':{'auth':'" + ANNA + "','identitytoken':'t'}}}", "r.io"))
                .contains(new Login.IdentityToken("t"));
        assertThat(find("{'auths':{'r.io':{'registrytoken':'t'}}}", "r.io")).contains(new Login.RegistryToken("t"));
    }

    @Test
    void userAndPasswordMayStandApart() throws IOException {
        assertThat(find("{'auths':{'r.io':{'username':'anna','password':'x'}}}", "r.io"))
                .contains(new Login.Password("anna", "x"));
    }

    @Test
    void theHelperForTheRegistryIsAskedAlone() throws IOException {
        replies.put("ecr r.io", known("anna", "x"));

        assertThat(find(
                        "{'credHelpers':{'r.io':'ecr'},'credsStore':'all','auths':{'r.io':{'auth':'" + ANNA + "'}}}",
                        "r.io"))
                .contains(new Login.Password("anna", "x"));
        assertThat(asked).containsExactly("ecr r.io");
    }

    @Test
    void theHelperForAllIsAskedBeforeTheFile() throws IOException {
        replies.put("all https://index.docker.io/v1/", known("<token>", "x"));

        assertThat(find("{'credsStore':'all'}", "docker.io")).contains(new Login.IdentityToken("x"));
    }

    @Test
    void whatTheHelperForAllDoesNotKnowTheFileMay() throws IOException {
        assertThat(find("{'credsStore':'all','auths':{'r.io':{'auth':'" + ANNA + "'}}}", "r.io"))
                .contains(new Login.Password("anna", "s:cret"));
        assertThat(asked).containsExactly("all r.io", "all https://r.io");
    }

    @Test
    void anEmptyEntryIsNoLogin() throws IOException {
        assertThat(find("{'auths':{'r.io':{}},'credsStore':'','credHelpers':{}}", "r.io"))
                .isEmpty();
    }

    @Test
    void aHelperThatFailsIsNotTakenForOneThatKnowsNothing() {
        replies.put("all r.io", new CredentialHelper.Reply(1, "the keyring is locked\n"));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> find("{'credsStore':'all'}", "r.io"))
                .withMessage("docker-credential-all failed for r.io: exit code 1, the keyring is locked");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[]",
                "{'auths':{'r.io':{'auth':'***'}}}",
                "{'auths':{'r.io':{'auth':'YW5uYQ=='}}}",
                "{'auths':{'r.io':{'auth':7}}}",
                "{'credsStore':7}"
            })
    void aFileThatCannotBeReadIsAnError(String config) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> find(config, "r.io"));
    }
}
