package dev.gantry.stored;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Functions and commands both read stored objects, so this module needs only the domain and a JSON parser. */
class ArchitectureTest {
    private static final JavaClasses STORED = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.gantry.stored");

    @Test
    void itKnowsNoServiceOfAws() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "com.fasterxml.jackson..", "dev.gantry.launch..", "dev.gantry.stored..")
                .check(STORED);
    }
}
