namespace Sallyport.Server.Users.Search;

internal enum SearchKind
{
    /// <summary>As it is written.</summary>
    Text,

    /// <summary>In whatever case: the column holds folded text.</summary>
    Folded,

    Number,
    Instant,
    Truth,

    /// <summary>The first part of the user's id.</summary>
    Provider,

    /// <summary>The kinds of second factors that the user has enrolled.</summary>
    Multifactor,

    /// <summary>A field of the published API that no user here has.</summary>
    Nobody,
}

/// <param name="Name">As queries and sorts name it.</param>
/// <param name="Column">Of table <c>user</c>.</param>
internal sealed record SearchField(string Name, SearchKind Kind, string Column = "")
{
    public bool IsNullable { get; init; } = true;

    /// <summary>A word without a field is looked for in it.</summary>
    public bool IsOfProfile { get; init; }

    public bool IsSortable { get; init; } = true;
}
