namespace Sallyport.Server.Users.Search;

/// <summary>The fields that users are searched and sorted by. Nothing else reaches the SQL.</summary>
internal static class SearchFields
{
    public static readonly IReadOnlyList<SearchField> All =
    [
        new("user_id", SearchKind.Text, "user_id") { IsOfProfile = true, IsNullable = false },
        new("email", SearchKind.Folded, "email") { IsOfProfile = true },
        new("email.domain", SearchKind.Folded, "email_domain") { IsSortable = false },
        new("email_verified", SearchKind.Boolean, "email_verified") { IsNullable = false },
        new("username", SearchKind.Text, "username") { IsOfProfile = true },
        new("phone_number", SearchKind.Text, "phone_number") { IsOfProfile = true },
        new("phone_verified", SearchKind.Boolean, "phone_verified"),
        new("name", SearchKind.Folded, "name_search") { IsOfProfile = true },
        new("nickname", SearchKind.Folded, "nickname_search") { IsOfProfile = true },
        new("given_name", SearchKind.Folded, "given_name_search") { IsOfProfile = true },
        new("family_name", SearchKind.Folded, "family_name_search") { IsOfProfile = true },
        new("blocked", SearchKind.Boolean, "blocked"),
        new("created_at", SearchKind.Instant, "created_at") { IsNullable = false },
        new("updated_at", SearchKind.Instant, "updated_at") { IsNullable = false },
        new("last_login", SearchKind.Instant, "last_login"),
        new("last_password_reset", SearchKind.Instant, "last_password_reset"),
        new("last_ip", SearchKind.Text, "last_ip"),
        new("logins_count", SearchKind.Number, "logins_count"),
        new("identities.connection", SearchKind.Text, "connection") { IsNullable = false, IsSortable = false },
        new("identities.provider", SearchKind.Provider) { IsSortable = false },
        new("multifactor", SearchKind.Multifactor) { IsSortable = false },
        new("organization_id", SearchKind.NoValue) { IsSortable = false },
    ];

    private static readonly Dictionary<string, SearchField> ByName = All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    public static IEnumerable<SearchField> OfProfile { get; } = [.. All.Where(field => field.IsOfProfile)];

    public static SearchField? Find(string name) => ByName.GetValueOrDefault(name);

    public static bool IsMetadata(string name) => IsAtOrBelow(name, MetadataTerms.App) || IsAtOrBelow(name, MetadataTerms.User);

    /// <summary>The field is searched in rows of other tables.</summary>
    public static bool IsByRows(string name) => IsMetadata(name) || Find(name)?.Kind == SearchKind.Multifactor;

    private static bool IsAtOrBelow(string name, string root) =>
        name == root || (name.StartsWith(root, StringComparison.Ordinal) && name[root.Length] == '.');
}

internal enum SearchKind
{
    /// <summary>Compared byte by byte.</summary>
    Text,

    /// <summary>Compared without regard to case: the column holds folded text.</summary>
    Folded,

    Number,
    Instant,
    Boolean,

    /// <summary>The part of the user's id before the bar.</summary>
    Provider,

    /// <summary>The kinds of second factors that the user has enrolled.</summary>
    Multifactor,

    /// <summary>A field of the published API that has no value here.</summary>
    NoValue,
}

/// <param name="Name">In queries and sorts.</param>
/// <param name="Column">A column of table <c>user</c>.</param>
internal sealed record SearchField(string Name, SearchKind Kind, string Column = "")
{
    public bool IsNullable { get; init; } = true;

    /// <summary>A word without a field is searched in it.</summary>
    public bool IsOfProfile { get; init; }

    public bool IsSortable { get; init; } = true;
}
