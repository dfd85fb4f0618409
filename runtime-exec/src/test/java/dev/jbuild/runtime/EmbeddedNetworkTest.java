package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EmbeddedNetworkTest extends NetworkContract implements UnderTheLauncher {
    private static final int DNS = 53;
    private static final String ADDRESS = "127.83.65.67";

    @Test
    @Tag("peer")
    void aResolverOnTheHostsLoopbackAnswersAStepThroughPasta() throws Exception {
        pasta();
        Path hosts = Files.writeString(directory.resolve("resolv.conf"), "nameserver " + ADDRESS + "\n");
        // The builder's alone: it starts where another file covers the machine's.
        List<String> prefix = List.of(
                "unshare", "-m", "sh", "-c", "mount --bind " + hosts + " /etc/resolv.conf && exec \"$@\"", "sh");
        StepSpec spec = box.shell("busybox cat /etc/resolv.conf; busybox nslookup -type=a canary.example 2>&1")
                .withNetwork(Network.DEFAULT);
        try (DatagramSocket server = new DatagramSocket(DNS, InetAddress.ofLiteral(ADDRESS))) {
            Thread.ofPlatform().daemon().start(() -> answer(server));
            Process builder = StepMain.prepare(
                            prefix, System.getProperty("java.class.path"), kind(), directory.resolve("runtime"), spec)
                    .redirectErrorStream(true)
                    .start();
            assertThat(builder.inputReader().readAllAsString())
                    .contains("nameserver " + ResolvConf.OF_PASTA)
                    .doesNotContain(ADDRESS)
                    .contains("192.0.2.99");
        }
    }

    private static void answer(DatagramSocket server) {
        byte[] buffer = new byte[512];
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        try {
            while (true) {
                packet.setData(buffer);
                server.receive(packet);
                packet.setData(answer(Arrays.copyOf(buffer, packet.getLength())));
                server.send(packet);
            }
        } catch (IOException e) {
            // The test is over and has closed the socket.
            return;
        }
    }

    /** The question with the address 192.0.2.99 for it (RFC 1035, section 4). */
    private static byte[] answer(byte[] question) {
        byte[] resource = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 192, 0, 2, 99};
        byte[] message = Arrays.copyOf(question, question.length + resource.length);
        System.arraycopy(resource, 0, message, question.length, resource.length);
        message[2] = (byte) 0x81;
        message[3] = (byte) 0x80;
        message[7] = 1;
        return message;
    }
}
