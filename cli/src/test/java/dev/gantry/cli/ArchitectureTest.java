package dev.gantry.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: commands, account and screens, operator, launch. */
class ArchitectureTest {
    private static final JavaClasses GANTRY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.gantry.cli", "dev.gantry.operator");

    @Test
    void explanationsDependOnlyOnTheDomainAndItsKeys() {
        classes()
                .that()
                .resideInAPackage("dev.gantry.operator..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.gantry.operator..", "dev.gantry.launch..", "dev.gantry.stored..")
                .check(GANTRY);
    }

    @Test
    void explanationsNeedNoClock() {
        noClasses()
                .that()
                .resideInAPackage("dev.gantry.operator..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.time\\.(Clock|InstantSource)")
                .check(GANTRY);
    }

    @Test
    void onlyTheAccountKnowsTheSdk() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gantry.cli.account..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.awssdk..", "dev.gantry.aws..")
                .check(GANTRY);
    }

    @Test
    void packagesFormNoCircleAndNoneNeedsTheOneWhereTheCommandStarts() {
        slices().matching("dev.gantry.cli.(*)..").should().beFreeOfCycles().check(GANTRY);
        noClasses()
                .that()
                .resideInAPackage("dev.gantry.cli.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.gantry.cli")
                .check(GANTRY);
    }

    @Test
    void onlyCommandsKnowPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.gantry.cli", "dev.gantry.cli.command..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(GANTRY);
    }

    @Test
    void screensAndTerminalsMakeNoCalls() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.gantry.cli.screen..", "dev.gantry.cli.terminal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gantry.cli.account..", "dev.gantry.cli.command..")
                .check(GANTRY);
    }
}
