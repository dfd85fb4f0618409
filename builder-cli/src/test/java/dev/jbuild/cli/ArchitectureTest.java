package dev.jbuild.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The never-arrows of the house: what the rooms may not know of each other. Each rule names the reason it stands for. */
@AnalyzeClasses(
        packages = "dev.jbuild",
        importOptions = {ImportOption.DoNotIncludeTests.class, WithoutFixtures.class})
final class ArchitectureTest {
    private static final String ANY = "dev.jbuild..";
    private static final String MODEL = "dev.jbuild.oci..";
    private static final String LINUX = "dev.jbuild.linux..";
    private static final String DOCKERFILE = "dev.jbuild.dockerfile..";
    private static final String LAYER = "dev.jbuild.layer..";
    private static final String REGISTRY = "dev.jbuild.registry..";
    private static final String RUNTIME = "dev.jbuild.runtime..";
    private static final String CORE = "dev.jbuild.core..";
    private static final String PLAN = "dev.jbuild.core.plan..";
    private static final String CLI = "dev.jbuild.cli..";

    /** Credential helpers and git are programs; everything else that starts one is a step. */
    private static final DescribedPredicate<JavaClass> MAY_START_PROCESSES = resideInAPackage(RUNTIME)
            .or(nameMatching("dev\\.jbuild\\.registry\\.CredentialHelper(Process)?(\\$.*)?"))
            .or(nameMatching("dev\\.jbuild\\.core\\..*GitSource(\\$.*)?"))
            .as("runtime-exec, the credential helper or the git source");

    /** A rule over an empty house passes, so this one counts the rooms that are looked at. */
    @ArchTest
    static void everyRoomIsLookedAt(JavaClasses house) {
        assertThat(house.stream().map(c -> c.getPackageName().split("\\.")[2]).distinct())
                .contains("oci", "linux", "dockerfile", "layer", "registry", "runtime", "core", "cli");
    }

    @ArchTest
    static final ArchRule nounsKnowNoOtherRoom = stays(MODEL);

    @ArchTest
    static final ArchRule syscallsKnowNoOtherRoom = stays(LINUX);

    @ArchTest
    static final ArchRule parserKnowsNoOtherRoom = stays(DOCKERFILE);

    @ArchTest
    static final ArchRule layersKnowOnlyNounsAndSyscalls = stays(LAYER, MODEL, LINUX);

    @ArchTest
    static final ArchRule registryKnowsOnlyNouns = stays(REGISTRY, MODEL);

    @ArchTest
    static final ArchRule runtimeKnowsOnlySyscalls = stays(RUNTIME, LINUX);

    @ArchTest
    static final ArchRule nothingKnowsTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage(CLI)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CLI);

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsTheCore = noClasses()
            .that()
            .resideOutsideOfPackages(CORE, CLI)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CORE);

    /** A path is walked by the kernel anew, links and all; below a root only directory descriptors hold (ADR 0201). */
    private static final DescribedPredicate<HasName> WALKS_BY_PATH = nameMatching(
                    "java\\.nio\\.(file\\.(Files|FileSystems?)|channels\\.FileChannel)"
                            + "|java\\.io\\.(File|RandomAccessFile|File(Input|Output)Stream|File(Reader|Writer))")
            .as("what takes a path instead of a descriptor");

    @ArchTest
    static final ArchRule treesAreWalkedByDescriptor = noClasses()
            .that()
            .resideInAPackage("dev.jbuild.layer.tree..")
            .should()
            .dependOnClassesThat(WALKS_BY_PATH);

    @ArchTest
    static final ArchRule foreignCallsOnlyInLinuxSyscalls = noClasses()
            .that()
            .resideOutsideOfPackage(LINUX)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign..");

    /** Planning and doing never meet: a plan is a value of its inputs, so it cannot look at the world. */
    @ArchTest
    static final ArchRule plansTouchNothing = noClasses()
            .that()
            .resideInAPackage(PLAN)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "dev.jbuild.core.build..",
                            LINUX,
                            "dev.jbuild.layer.store..",
                            "dev.jbuild.layer.tree..",
                            REGISTRY,
                            RUNTIME,
                            "java.net..",
                            "java.nio.channels..",
                            "java.util.random..")
                    .or(nameMatching("java\\.nio\\.file\\.(Files|FileSystems?|Paths)"))
                    .or(nameMatching("java\\.io\\.(File.*|RandomAccessFile)"))
                    .or(nameMatching("java\\.lang\\.(Process.*|Thread|Runtime)"))
                    .or(nameMatching("java\\.time\\.(Clock|InstantSource)"))
                    .or(nameMatching("java\\.security\\.SecureRandom"))
                    .or(nameMatching("java\\.util\\.(Random|UUID|concurrent\\.ThreadLocalRandom)")));

    @ArchTest
    static final ArchRule plansReadNoClock = noClasses()
            .that()
            .resideInAPackage(PLAN)
            .should()
            .callMethodWhere(ClockReads.ANY)
            .because("a plan is a value of its inputs");

    @ArchTest
    static final ArchRule httpOnlyInTheRegistryClient = noClasses()
            .that()
            .resideOutsideOfPackage(REGISTRY)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "java.net.http..",
                            "javax.net..",
                            "com.google.api.client..",
                            "org.apache.hc..",
                            "org.apache.http..")
                    .or(nameMatching("java\\.net\\.(URLConnection|HttpURLConnection|Socket|ServerSocket)")));

    @ArchTest
    static final ArchRule processesStartInThreePlaces = noClasses()
            .that(resideInAPackage(ANY).and(not(MAY_START_PROCESSES)))
            .should()
            .dependOnClassesThat(type(ProcessBuilder.class))
            .orShould()
            .callMethod(Runtime.class, "exec", String[].class);

    @ArchTest
    static final ArchRule streamsOfTheProcessOnlyInTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage(CLI)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .accessField(System.class, "in")
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.jbuild.(**)").should().beFreeOfCycles();

    /** Credential helpers are called so by Docker. */
    @ArchTest
    static final ArchRule namesSayTheRole = classes()
            .that()
            .haveNameNotMatching(".*\\.CredentialHelper(Process)?(\\$.*)?")
            .should()
            .haveNameNotMatching("(?i).*[.$]\\w*(util|utils|helper|helpers|manager|impl|common)")
            .andShould()
            .resideOutsideOfPackages("..util..", "..common..", "..helper..", "..manager..", "..impl..")
            .because("a name that fits everything says nothing");

    @ArchTest
    static final ArchRule everyPackageSaysThatNothingIsNull =
            classes().that().doNotHaveSimpleName("package-info").should(InNullMarkedPackage.CONDITION);

    /** A room depends on no other room of ours but those named. */
    private static ArchRule stays(String room, String... known) {
        return noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ANY).and(not(resideInAPackage(room))).and(not(resideInAnyPackage(known))));
    }

    /** The rules themselves are tried on classes that break them: a rule that cannot fail holds nothing. */
    @ArchTest
    static void rulesCatchWhatTheyForbid(JavaClasses house) {
        JavaClasses offenders = new ClassFileImporter().importClasses(Offender.class);
        assertThat(noClasses()
                        .should()
                        .callMethodWhere(ClockReads.ANY)
                        .evaluate(offenders)
                        .hasViolation())
                .isTrue();
        assertThat(noClasses()
                        .should()
                        .dependOnClassesThat(WALKS_BY_PATH)
                        .evaluate(offenders)
                        .hasViolation())
                .isTrue();
        assertThat(classes()
                        .should(InNullMarkedPackage.CONDITION)
                        .evaluate(house)
                        .hasViolation())
                .isFalse();
    }

    /** Breaks a rule on purpose. */
    static final class Offender {
        java.time.Instant now() {
            return java.time.Instant.now();
        }

        boolean exists(java.nio.file.Path path) {
            return java.nio.file.Files.exists(path);
        }
    }
}
