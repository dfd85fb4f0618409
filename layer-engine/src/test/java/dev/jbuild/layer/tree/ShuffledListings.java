package dev.jbuild.layer.tree;

import dev.jbuild.linux.Linux;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** This machine's kernel, but the order in which it lists directories is another each time. */
public final class ShuffledListings {
    private ShuffledListings() {}

    public static Linux of(long seed) {
        Random random = new Random(seed);
        InvocationHandler handler = (_, method, arguments) -> {
            try {
                Object result = method.invoke(Linux.system(), arguments);
                return switch (method.getName()) {
                    case "list" -> shuffled((List<?>) result, random);
                    case "withoutRecords" -> of(seed);
                    default -> result;
                };
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Linux) Proxy.newProxyInstance(Linux.class.getClassLoader(), new Class<?>[] {Linux.class}, handler);
    }

    private static List<?> shuffled(List<?> names, Random random) {
        List<?> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }
}
