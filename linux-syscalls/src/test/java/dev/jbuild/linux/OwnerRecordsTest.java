package dev.jbuild.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.linux.OwnerRecords.Owner;
import java.nio.charset.StandardCharsets;
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

    @Test
    void anEntryIsFoundByNameAndInode() {
        byte[] links = OwnerRecords.with(NONE, bytes("a"), 7, new Owner(1, 2));
        links = OwnerRecords.with(links, bytes("ab"), 8, new Owner(3, 4));
        assertThat(OwnerRecords.find(links, bytes("a"), 7)).contains(new Owner(1, 2));
        assertThat(OwnerRecords.find(links, bytes("ab"), 8)).contains(new Owner(3, 4));
        assertThat(OwnerRecords.find(links, bytes("a"), 9)).isEmpty();
        assertThat(OwnerRecords.find(links, bytes("b"), 8)).isEmpty();
    }

    @Test
    void aLaterEntryReplacesThatOfItsName() {
        byte[] links = OwnerRecords.with(NONE, bytes("a"), 7, new Owner(1, 2));
        links = OwnerRecords.with(links, bytes("a"), 9, new Owner(5, 6));
        assertThat(OwnerRecords.find(links, bytes("a"), 7)).isEmpty();
        assertThat(OwnerRecords.find(links, bytes("a"), 9)).contains(new Owner(5, 6));
    }

    @Test
    void rootsEntriesTakeNoSpace() {
        byte[] links = OwnerRecords.with(NONE, bytes("a"), 7, new Owner(1, 2));
        assertThat(OwnerRecords.with(links, bytes("a"), 7, Owner.ROOT)).isEmpty();
    }

    @Test
    void namesThatAreNotTextStayApart() {
        byte[] name = {(byte) 0xff, (byte) 0xfe};
        byte[] links = OwnerRecords.with(NONE, name, 7, new Owner(1, 2));
        assertThat(OwnerRecords.find(links, name, 7)).contains(new Owner(1, 2));
        assertThat(OwnerRecords.find(links, new byte[] {(byte) 0xff, (byte) 0xfd}, 7))
                .isEmpty();
    }
}
