package dev.jbuild.registry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when somebody pauses or the test says so; the dice always fall on a half. */
final class FakeTiming implements Timing {
    private final AtomicLong ahead = new AtomicLong();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    List<Duration> pauses() {
        return List.copyOf(pauses);
    }

    void advance(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        return System.nanoTime() + ahead.get();
    }

    @Override
    public void pause(Duration time) {
        pauses.add(time);
        advance(time);
    }

    @Override
    public double random() {
        return 0.5;
    }
}
