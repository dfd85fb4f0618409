package dev.jbuild.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies a jar; one whose classes are older than Java 6 (picocli's are Java 5's) gets them with stack maps and this JDK's
 * class-file version. The start-up cache leaves out classes without stack maps, which costs 50 ms of each start.
 */
final class ModernJar {
    /** The first class-file version that has stack maps: Java 6. */
    private static final int STACK_MAPS = 50;

    private static final int MAJOR_VERSION_OFFSET = 6;

    private ModernJar() {}

    static void copy(Path from, Path to) throws IOException {
        try (JarFile jar = new JarFile(from.toFile())) {
            if (isOld(jar)) {
                rewrite(jar, from, to);
            } else {
                Files.copy(from, to);
            }
        }
    }

    private static boolean isOld(JarFile jar) throws IOException {
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (isClass(entry)) {
                return majorVersion(read(jar, entry)) < STACK_MAPS;
            }
        }
        return false;
    }

    private static void rewrite(JarFile jar, Path from, Path to) throws IOException {
        URL[] classes = {from.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, null);
                OutputStream file = Files.newOutputStream(to);
                JarOutputStream out = new JarOutputStream(file)) {
            ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader()));
            ClassFile files =
                    ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(hierarchy));
            List<JarEntry> entries = Collections.list(jar.entries());
            for (JarEntry entry : entries) {
                byte[] bytes = read(jar, entry);
                JarEntry copy = new JarEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                out.write(isClass(entry) ? modern(files, bytes) : bytes);
            }
        }
    }

    private static byte[] modern(ClassFile files, byte[] old) {
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.latestMajorVersion(), 0);
            } else {
                builder.with(element);
            }
        };
        // Passing each instruction through makes the library write the code anew, with its stack map.
        ClassTransform code = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
        return files.transformClass(files.parse(old), code.andThen(version));
    }

    /** Only classes of the class path itself: module descriptors and versioned copies stay as they are. */
    private static boolean isClass(JarEntry entry) {
        String name = entry.getName();
        return name.endsWith(".class") && !name.startsWith("META-INF/") && !name.equals("module-info.class");
    }

    private static int majorVersion(byte[] classFile) {
        return (classFile[MAJOR_VERSION_OFFSET] & 0xff) << 8 | classFile[MAJOR_VERSION_OFFSET + 1] & 0xff;
    }

    private static byte[] read(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
