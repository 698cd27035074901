package dev.gantry.bastion;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the bastion function may depend on: the domain's types, S3, SSH; each in its own package. */
class ArchitectureTest {
    private static final JavaClasses BASTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.gantry.bastion");

    @Test
    void itTouchesNoServiceOfAwsButS3() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "software.amazon.awssdk.services.ssm..",
                        "software.amazon.awssdk.services.autoscaling..",
                        "software.amazon.awssdk.services.sqs..",
                        "dev.gantry.aws..",
                        "dev.gantry.function..",
                        "dev.gantry.sandbox..")
                .check(BASTION);
    }

    @Test
    void itKnowsTheWordsOfTheDomainAndDecidesNothing() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.gantry.launch.decide..", "dev.gantry.launch.reconcile..", "dev.gantry.launch.port..")
                .check(BASTION);
    }

    @Test
    void onlyThePackageSshKnowsMina() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gantry.bastion.ssh..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.sshd..")
                .check(BASTION);
    }

    @Test
    void onlyThePackageStoreKnowsTheSdkAndTheWiringHandsItsClientOn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gantry.bastion.store..")
                .and()
                .doNotHaveSimpleName("Wiring")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.awssdk..")
                .check(BASTION);
    }

    @Test
    void parsersDependOnNeitherSourceNorTargetOfMessages() {
        noClasses()
                .that()
                .resideInAPackage("dev.gantry.bastion.message..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.gantry.bastion",
                        "dev.gantry.bastion.ssh..",
                        "dev.gantry.bastion.store..",
                        "dev.gantry.bastion.hosts..",
                        "dev.gantry.bastion.keys..")
                .check(BASTION);
    }
}
