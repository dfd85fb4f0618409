package dev.jbuild.cli;

import dev.jbuild.layer.store.StoreUsage;
import dev.jbuild.layer.store.StoreUsage.Item;
import dev.jbuild.layer.store.StoreUsage.Need;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What {@code jbuild du} prints. */
record UsageTable(StoreUsage usage, Instant now) {
    /** A row for each reason to be in the store. */
    String summary() {
        Table table = new Table("NEEDED BY", "OBJECTS", "SIZE", "SHARED", "RECLAIMABLE", "LAST USED");
        for (Need need : Need.values()) {
            List<Item> items =
                    usage.items().stream().filter(item -> item.need() == need).toList();
            row(table, name(need), items);
        }
        row(table, "total", usage.items());
        return table.toString();
    }

    /** A row for each thing, the largest first. */
    String items() {
        Table table = new Table("ID", "KIND", "NEEDED BY", "IMAGES", "SIZE", "RECLAIMABLE", "LAST USED");
        usage.items().stream()
                .sorted(Comparator.comparingLong(Item::bytes).reversed().thenComparing(Item::id))
                .forEach(item -> table.row(
                        Printable.line(item.id()),
                        item.kind(),
                        name(item.need()),
                        Integer.toString(item.images()),
                        Humanly.size(item.bytes()),
                        Boolean.toString(item.isReclaimable()),
                        age(Optional.of(item.lastUse()))));
        return table.toString();
    }

    private void row(Table table, String name, List<Item> items) {
        table.row(
                name,
                Integer.toString(items.size()),
                Humanly.size(items.stream().mapToLong(Item::bytes).sum()),
                Humanly.size(items.stream()
                        .filter(Item::isShared)
                        .mapToLong(Item::bytes)
                        .sum()),
                Humanly.size(items.stream()
                        .filter(Item::isReclaimable)
                        .mapToLong(Item::bytes)
                        .sum()),
                age(items.stream().map(Item::lastUse).max(Comparator.naturalOrder())));
    }

    private String age(Optional<Instant> use) {
        return Humanly.age(use.map(Instant::toString), now);
    }

    private static String name(Need need) {
        return switch (need) {
            case IMAGE -> "images";
            case BUILD -> "running builds";
            case CACHE -> "the cache";
            case NOTHING -> "nothing";
        };
    }
}
