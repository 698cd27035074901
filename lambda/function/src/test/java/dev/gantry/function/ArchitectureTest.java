package dev.gantry.function;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dependencies point one way: function, aws, launch; and within launch as its test says. */
class ArchitectureTest {
    private static final JavaClasses GANTRY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.gantry");

    @Test
    void theDomainDependsOnNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("dev.gantry.launch..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.gantry.launch..")
                .check(GANTRY);
    }

    /** Each package of the domain, and everything that it may depend on. */
    @ParameterizedTest
    @CsvSource({
        "text,",
        "id, text",
        "fleet, id text",
        "stay, fleet id text",
        "release, id text",
        "error, stay text",
        "decide, stay release fleet id text",
        "port, error stay release fleet id text",
        "reconcile.breaker, port error stay release fleet id text",
        "reconcile, decide port error stay release fleet id text",
    })
    void thePackagesOfTheDomainPointOneWay(String name, String allowed) {
        Stream<String> others = Stream.ofNullable(allowed).flatMap(names -> Stream.of(names.split(" ")));
        classes()
                .that()
                .resideInAPackage("dev.gantry.launch." + name + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(
                                Stream.of("java..", "dev.gantry.launch." + name + ".."),
                                others.map(other -> "dev.gantry.launch." + other))
                        .toArray(String[]::new))
                .check(GANTRY);
    }

    @Test
    void noClassOfTheDomainLiesOutsideItsPackages() {
        noClasses().should().resideInAPackage("dev.gantry.launch").check(GANTRY);
    }

    /** Two functions that are restored from one snapshot would continue the same sequence of any other generator. */
    @Test
    void randomValuesComeFromTheOperatingSystemAtEachCall() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ThreadLocalRandom.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(Random.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(SplittableRandom.class.getName())
                .orShould()
                .callMethod(Math.class, "random")
                .check(GANTRY);
    }

    @Test
    void decisionsNeedNoPortAndNoClock() {
        noClasses()
                .that()
                .resideInAPackage("dev.gantry.launch.decide..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gantry.launch.port..", "dev.gantry.launch.reconcile..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.time\\.(Clock|InstantSource)")
                .check(GANTRY);
    }

    @Test
    void theAdaptersDoNotKnowTheEntryPoints() {
        noClasses()
                .that()
                .resideInAPackage("dev.gantry.aws..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gantry.function..", "dev.gantry.sandbox..")
                .check(GANTRY);
    }

    /** Each service's package, and the others that it must not know. */
    @ParameterizedTest
    @CsvSource({
        "autoscaling, ssm ssm.output s3 sqs",
        "ssm, autoscaling s3 sqs",
        "s3, autoscaling ssm ssm.output sqs",
        "sqs, autoscaling ssm ssm.output",
        "ssm.output, autoscaling ssm s3 sqs",
    })
    void thePackagesOfTheAdaptersPointOneWay(String name, String forbidden) {
        noClasses()
                .that()
                .resideInAPackage("dev.gantry.aws." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Stream.of(forbidden.split(" "))
                        .map(other -> "dev.gantry.aws." + other)
                        .toArray(String[]::new))
                .check(GANTRY);
    }

    @Test
    void theAdaptersSharedCodeKnowsNoServicesPackage() {
        classes()
                .that()
                .resideInAPackage("dev.gantry.aws")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "software.amazon.awssdk..",
                        "dev.gantry.launch..",
                        "dev.gantry.stored",
                        "dev.gantry.aws")
                .check(GANTRY);
    }

    /** What Ansible printed is read without the SDK and without a port. */
    @Test
    void readingTheOutputOfARunIsPure() {
        noClasses()
                .that()
                .resideInAPackage("dev.gantry.aws.ssm.output")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.awssdk..", "dev.gantry.launch.port..")
                .check(GANTRY);
    }

    @Test
    void onlyTheAdaptersKnowTheSdk() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gantry.aws..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.awssdk..")
                .check(GANTRY);
    }

    /** The bastion's function has a zip of its own; the classes of SSH are in no other (lambda/bastion, ZipTest). */
    @Test
    void nothingOfSshIsKnownHere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gantry.bastion..", "org.apache.sshd..")
                .check(GANTRY);
    }
}
