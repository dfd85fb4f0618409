package dev.jbuild.cli;

import dev.jbuild.runtime.CpuLimits;
import dev.jbuild.runtime.StepLimits;
import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Launch.Resource;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads what a step may use from the flags of {@link BoxFlags}. */
final class LimitArguments {
    private static final String UNITS = "bkmgt";
    private static final int SHIFT_PER_UNIT = 10;
    private static final int MOST_CPUS = 1 << 16;

    private final Arguments arguments;

    LimitArguments(Arguments arguments) {
        this.arguments = arguments;
    }

    StepLimits limits() throws UsageException {
        StepLimits standard = StepLimits.STANDARD;
        Optional<String> pids = arguments.last("--pids-limit");
        Optional<String> shm = arguments.last("--shm-size");
        try {
            return new StepLimits(
                    pids.isPresent() ? Math.toIntExact(number("--pids-limit", pids.get())) : standard.pids(),
                    size("--memory"),
                    size("--memory-swap"),
                    cpu(),
                    shm.isPresent() ? bytes("--shm-size", shm.get()) : standard.shmBytes(),
                    disk(),
                    ulimits());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private CpuLimits cpu() throws UsageException {
        Optional<String> cpus = arguments.last("--cpus");
        if (cpus.isPresent() && arguments.last("--cpu-quota").isPresent()) {
            throw new UsageException("--cpus and --cpu-quota say the same thing: give one of them");
        }
        Optional<String> shares = arguments.last("--cpu-shares");
        long period = arguments.last("--cpu-period").isPresent()
                ? number("--cpu-period", arguments.last("--cpu-period").get())
                : CpuLimits.STANDARD_PERIOD;
        return new CpuLimits(
                cpus.isPresent() ? OptionalLong.of(quota(cpus.get(), period)) : quota(),
                period,
                shares.isPresent()
                        ? OptionalInt.of(Math.toIntExact(number("--cpu-shares", shares.get())))
                        : OptionalInt.empty(),
                arguments.last("--cpuset-cpus"));
    }

    private OptionalLong quota() throws UsageException {
        Optional<String> quota = arguments.last("--cpu-quota");
        return quota.isPresent() ? OptionalLong.of(number("--cpu-quota", quota.get())) : OptionalLong.empty();
    }

    private static long quota(String cpus, long period) throws UsageException {
        try {
            BigDecimal number = new BigDecimal(cpus);
            if (number.signum() > 0 && number.compareTo(BigDecimal.valueOf(MOST_CPUS)) < 0) {
                return number.multiply(BigDecimal.valueOf(period)).longValue();
            }
            throw new UsageException("--cpus is not a number of processors: " + cpus);
        } catch (NumberFormatException e) {
            throw new UsageException("--cpus is not a number of processors: " + cpus, e);
        }
    }

    private OptionalLong size(String flag) throws UsageException {
        Optional<String> text = arguments.last(flag);
        return text.isPresent() ? OptionalLong.of(bytes(flag, text.get())) : OptionalLong.empty();
    }

    private long disk() throws UsageException {
        Optional<String> option = arguments.last("--storage-opt");
        if (option.isEmpty()) {
            return StepLimits.STANDARD.diskBytes();
        }
        if (!option.get().startsWith("size=")) {
            throw new UsageException("--storage-opt knows size=SIZE only, not " + option.get());
        }
        return bytes("--storage-opt size", option.get().substring("size=".length()));
    }

    /** Docker's sizes: a number, also with a fraction, and b, k, m, g or t, in powers of 1024; -1 is no limit. */
    static long bytes(String flag, String text) throws UsageException {
        if (text.equals("-1")) {
            return StepLimits.UNLIMITED;
        }
        String lower = text.toLowerCase(Locale.ROOT).replaceFirst("i?b$", "");
        int unit = lower.isEmpty() ? -1 : UNITS.indexOf(lower.charAt(lower.length() - 1));
        String digits = unit > 0 ? lower.substring(0, lower.length() - 1) : lower;
        try {
            BigDecimal bytes =
                    new BigDecimal(digits).multiply(BigDecimal.valueOf(1L << (SHIFT_PER_UNIT * Math.max(unit, 0))));
            if (bytes.signum() > 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0) {
                return bytes.longValue();
            }
            throw new UsageException(flag + " is not a size such as 512m or 2g: " + text);
        } catch (NumberFormatException e) {
            throw new UsageException(flag + " is not a size such as 512m or 2g: " + text, e);
        }
    }

    private List<Limit> ulimits() throws UsageException {
        List<Limit> limits = new ArrayList<>();
        for (String text : arguments.all("--ulimit")) {
            limits.add(ulimit(text));
        }
        return limits;
    }

    private static Limit ulimit(String text) throws UsageException {
        int equals = text.indexOf('=');
        Optional<Resource> resource = equals < 0 ? Optional.empty() : Resource.named(text.substring(0, equals));
        if (resource.isEmpty()) {
            throw new UsageException("--ulimit needs NAME=SOFT[:HARD] with a name such as nofile, not " + text
                    + Nearest.hint(equals < 0 ? text : text.substring(0, equals), resources()));
        }
        String values = text.substring(equals + 1);
        int colon = values.indexOf(':');
        long soft = limit(colon < 0 ? values : values.substring(0, colon), text);
        long hard = colon < 0 ? soft : limit(values.substring(colon + 1), text);
        if (Long.compareUnsigned(soft, hard) > 0) {
            throw new UsageException("--ulimit " + text + " has a soft limit above the hard one");
        }
        return new Limit(resource.get(), soft, hard);
    }

    private static List<String> resources() {
        return Arrays.stream(Resource.values()).map(Resource::word).toList();
    }

    private static long limit(String value, String text) throws UsageException {
        return value.equals("-1") || value.equals("unlimited") ? Limit.UNLIMITED : number("--ulimit " + text, value);
    }

    private static long number(String flag, String text) throws UsageException {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
            throw new UsageException(flag + " is negative: " + text);
        } catch (NumberFormatException e) {
            throw new UsageException(flag + " is not a number: " + text, e);
        }
    }
}
