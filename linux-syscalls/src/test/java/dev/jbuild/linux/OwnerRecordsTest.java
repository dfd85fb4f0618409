package dev.jbuild.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.linux.OwnerRecords.Owner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OwnerRecordsTest {
    private static final byte[] NONE = {};

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void anOwnerIsReadAsItWasWritten() {
        Owner owner = new Owner(4_294_967_294L, 33);
        assertThat(Owner.parse(owner.toBytes())).contains(owner);
    }

    @Test
    void whatNobodyHereWroteIsNoOwner() {
        for (String text : new String[] {"", "1", "1:", "a:b", "1:2:3", "-1:0", "1:99999999999999999999999"}) {
            assertThat(Owner.parse(bytes(text))).as(text).isEmpty();
        }
    }

    private static FileStat file(long inode, long born) {
        return new FileStat(FileKind.SYMLINK, 0777, 0, 0, 0, 1, 0, 0, 0, 0, born, 0, inode, 0, 0);
    }

    @Test
    void aFileIsFoundByInodeAndBirth() {
        byte[] links = OwnerRecords.with(NONE, file(7, 1), new Owner(1, 2));
        links = OwnerRecords.with(links, file(8, 1), new Owner(4_294_967_294L, 4));
        links = OwnerRecords.with(links, file(9, 1), new Owner(1, 2));
        assertThat(OwnerRecords.find(links, file(7, 1))).contains(new Owner(1, 2));
        assertThat(OwnerRecords.find(links, file(8, 1))).contains(new Owner(4_294_967_294L, 4));
        assertThat(OwnerRecords.find(links, file(9, 1))).contains(new Owner(1, 2));
        assertThat(OwnerRecords.find(links, file(7, 2))).isEmpty();
        assertThat(OwnerRecords.find(links, file(6, 1))).isEmpty();
    }

    @Test
    void aLaterOwnerTakesTheEarliersPlace() {
        byte[] links = OwnerRecords.with(NONE, file(7, 1), new Owner(1, 2));
        links = OwnerRecords.with(links, file(7, 1), new Owner(5, 6));
        assertThat(OwnerRecords.find(links, file(7, 1))).contains(new Owner(5, 6));
        assertThat(links).hasSize(20);
    }

    @Test
    void rootsFilesTakeNoSpace() {
        byte[] links = OwnerRecords.with(NONE, file(7, 1), new Owner(1, 2));
        assertThat(OwnerRecords.with(links, file(7, 1), Owner.ROOT)).isEmpty();
    }

    @Test
    void whatIsNoWholeGroupIsPassedOver() {
        byte[] links = OwnerRecords.with(NONE, file(7, 1), new Owner(1, 2));
        byte[] longer = Arrays.copyOf(links, links.length + 13);
        Arrays.fill(longer, links.length, longer.length, (byte) 0xff);
        assertThat(OwnerRecords.find(longer, file(7, 1))).contains(new Owner(1, 2));
        assertThat(OwnerRecords.with(longer, file(7, 1), Owner.ROOT)).isEmpty();
    }
}
