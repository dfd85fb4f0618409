package dev.jbuild.core.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TasksTest {
    @Test
    void tasksRunSideBySide() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        try (Tasks tasks = new Tasks()) {
            Future<String> one = tasks.start(() -> meet(both, "one"));
            Future<String> two = tasks.start(() -> meet(both, "two"));

            assertThat(tasks.join(one) + tasks.join(two)).isEqualTo("onetwo");
        }
    }

    @Test
    void aFailureComesOutAsItWasThrown() {
        BuildException build = new BuildException(Kind.BUILD, "no");
        try (Tasks tasks = new Tasks()) {
            Future<Object> failing = tasks.start(() -> {
                throw build;
            });

            assertThatThrownBy(() -> tasks.join(failing)).isSameAs(build);
        }
    }

    @Test
    void theFirstFailureInterruptsTheOthersAndIsWhatTheyEndWith() {
        IOException first = new IOException("disk full");
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        try (Tasks tasks = new Tasks()) {
            Future<Object> patient = tasks.start(() -> {
                waiting.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.set(true);
                    throw e;
                }
                return "never";
            });
            Future<Object> failing = tasks.start(() -> {
                waiting.await();
                throw first;
            });

            assertThatThrownBy(() -> tasks.join(patient)).isSameAs(first);
            assertThatThrownBy(() -> tasks.join(failing)).isSameAs(first);
        }
        assertThat(interrupted).isTrue();
    }

    @Test
    void closeWaitsForWhatStillRuns() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean cleanedUp = new AtomicBoolean();
        try (Tasks tasks = new Tasks()) {
            Future<Object> _ = tasks.start(() -> {
                started.countDown();
                try {
                    new CountDownLatch(1).await();
                } finally {
                    cleanedUp.set(true);
                }
                return "never";
            });
            started.await();
        }
        assertThat(cleanedUp).isTrue();
    }

    private static String meet(CountDownLatch both, String name) throws InterruptedException {
        both.countDown();
        both.await();
        return name;
    }
}
