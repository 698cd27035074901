package dev.gantry.sandbox.autoscaling;

import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** CreateOrUpdateTags, DeleteTags and DescribeTags. */
final class TagActions {
    private static final int MAX_TAGS = 50;

    private final Groups groups;

    TagActions(Groups groups) {
        this.groups = groups;
    }

    Map<String, Function<Query, String>> actions() {
        return Map.of("CreateOrUpdateTags", this::put, "DeleteTags", this::delete, "DescribeTags", this::describe);
    }

    private record Change(Group group, Tag tag) {}

    /** All tags are checked before the first one is changed. */
    private String put(Query query) {
        List<Change> changes =
                query.structures("Tags").stream().map(this::change).toList();
        if (changes.isEmpty()) {
            throw Faults.constraint("null", "Tags", "not be null");
        }
        for (Change change : changes) {
            Map<String, Tag> tags = change.group().tags();
            if (tags.size() >= MAX_TAGS && !tags.containsKey(change.tag().key())) {
                throw Faults.limitExceeded("A group can have " + MAX_TAGS + " tags at most");
            }
        }
        changes.forEach(c -> c.group().tags().put(c.tag().key(), c.tag()));
        return "";
    }

    /** A missing tag is not an error; a given value is ignored (API_DeleteTags). */
    private String delete(Query query) {
        List<Change> changes =
                query.structures("Tags").stream().map(this::change).toList();
        if (changes.isEmpty()) {
            throw Faults.constraint("null", "Tags", "not be null");
        }
        changes.forEach(c -> c.group().tags().remove(c.tag().key()));
        return "";
    }

    private Change change(Query query) {
        String name = query.text("ResourceId")
                .orElseThrow(() -> Faults.validation("A tag needs the ResourceId of its group"));
        Group group = groups.find(name)
                .orElseThrow(() ->
                        Faults.validation("AutoScalingGroup not found - AutoScaling Group " + name + " not found"));
        return new Change(group, GroupForm.tag(query));
    }

    private String describe(Query query) {
        BiPredicate<Group, Tag> filters = TagFilters.ofTags(query.structures("Filters"));
        List<Change> found = groups.all().stream()
                .flatMap(g -> g.tags().values().stream().map(tag -> new Change(g, tag)))
                .filter(c -> filters.test(c.group(), c.tag()))
                .toList();
        Page<Change> page = Page.of(
                found,
                c -> c.group().name() + '\n' + c.tag().key(),
                Names.pageSize(query, 50, 100),
                Names.nextToken(query));
        return new Xml()
                .list("Tags", page.items(), (x, c) -> Rendering.tag(x, c.group(), c.tag()))
                .text("NextToken", page.next())
                .toString();
    }
}
