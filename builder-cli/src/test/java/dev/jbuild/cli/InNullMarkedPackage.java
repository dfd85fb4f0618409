package dev.jbuild.cli;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** Holds for a class whose package-info carries {@link NullMarked}. */
final class InNullMarkedPackage extends ArchCondition<JavaClass> {
    static final InNullMarkedPackage CONDITION = new InNullMarkedPackage();

    private InNullMarkedPackage() {
        super("live in a @NullMarked package");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(new SimpleConditionEvent(
                type, marked, type.getName() + (marked ? " is" : " is not") + " in a @NullMarked package"));
    }
}
