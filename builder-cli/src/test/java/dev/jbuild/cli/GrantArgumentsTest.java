package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.Entitlement;
import dev.jbuild.core.api.Grants;
import dev.jbuild.core.api.Secret;
import dev.jbuild.core.api.SshAgent;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantArgumentsTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void makeFile() throws Exception {
        Files.writeString(directory.resolve("token"), "of the file");
        environment.put("TOKEN", "of the variable");
    }

    private Grants given(String flag, String... values) throws UsageException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Surroundings surroundings =
                new Surroundings(environment, directory, InputStream.nullInputStream(), nowhere, nowhere);
        Arguments arguments = new Arguments(Map.of(flag, Arrays.asList(values)), List.of(), List.of());
        return new GrantArguments(arguments, surroundings).grants();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            id=x,src=token             | x     | of the file
            id=x,source=token          | x     | of the file
            type=file,id=x,src=token   | x     | of the file
            id=token                   | token | of the file
            id=x,env=TOKEN             | x     | of the variable
            id=x,type=env,env=TOKEN    | x     | of the variable
            id=x,type=env,src=TOKEN    | x     | of the variable
            id=TOKEN                   | TOKEN | of the variable
            id=TOKEN,type=env          | TOKEN | of the variable
            "id=x","src=token"         | x     | of the file
            """)
    void aSecretIsAFileOrAVariable(String text, String id, String value) throws Exception {
        Secret secret = given("--secret", text).secret(id).orElseThrow();
        assertThat(new String(secret.value(), StandardCharsets.UTF_8)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            src=token            | needs an id
            id=x,src=none        | there is no file
            id=x,env=NONE        | the environment variable NONE is not set
            id=x,value=hunter2   | is not one of id, src, env and type
            id=x,type=vault      | is not one of file and env
            """)
    void aSecretThatCannotBeHadIsAnErrorThatShowsNoValue(String text, String why) {
        assertThatThrownBy(() -> given("--secret", text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aSecretHasAtMost500Kilobytes() throws Exception {
        Files.write(directory.resolve("fits"), new byte[Secret.MAX_BYTES]);
        Files.write(directory.resolve("big"), new byte[Secret.MAX_BYTES + 1]);
        assertThat(given("--secret", "id=x,src=fits").secret("x")).isPresent();
        assertThatThrownBy(() -> given("--secret", "id=x,src=big")).hasMessageContaining("512000 bytes");
    }

    @Test
    void theLaterOfTwoSecretsOfOneIdCounts() throws Exception {
        assertThat(given("--secret", "id=x,src=token", "id=x,env=TOKEN").secrets())
                .extracting(secret -> new String(secret.value(), StandardCharsets.UTF_8))
                .containsExactly("of the variable");
    }

    @Test
    void anAgentIsTheUsersOwnOrNamed() throws Exception {
        Path socket = Files.createFile(directory.resolve("socket"));
        environment.put("SSH_AUTH_SOCK", socket.toString());
        assertThat(given("--ssh", "default").agent("default")).contains(new SshAgent("default", List.of(socket)));
        assertThat(given("--ssh", "git=token,socket").agent("git"))
                .contains(new SshAgent("git", List.of(directory.resolve("token"), socket)));
    }

    @Test
    void anAgentThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> given("--ssh", "default")).hasMessageContaining("SSH_AUTH_SOCK is not set");
        assertThatThrownBy(() -> given("--ssh", "a=none")).hasMessageContaining("there is no");
        assertThatThrownBy(() -> given("--ssh", "=none")).hasMessageContaining("needs an id");
    }

    @Test
    void whatIsAllowedIsNamedAsDockerNamesIt() throws Exception {
        assertThat(given("--allow", "network.host").allowed()).containsExactly(Entitlement.NETWORK_HOST);
        assertThat(given("--allow", "network.host,security.insecure").allowed()).hasSize(2);
        assertThatThrownBy(() -> given("--allow", "network.hosts"))
                .hasMessageContaining("is not one of network.host, security.insecure");
    }
}
