namespace Sallyport.Server.Audit;

/// <summary>The fields that the log is searched and sorted by, as the published API has them. Nothing else reaches the SQL.</summary>
internal static class LogFields
{
    public const string UserName = "coalesce(u.email, u.username, u.phone_number, u.name)";

    /// <summary>The id begins with the instant, so its order is that of the date, and it has an index.</summary>
    public const string ByDate = "l.log_id";

    public static readonly IReadOnlyList<LogField> All =
    [
        new("log_id", LogFieldKind.Text, "l.log_id") { IsOfBareWords = true },
        new("date", LogFieldKind.Instant, ByDate),
        new("type", LogFieldKind.Text, "l.type") { IsOfBareWords = true },
        new("description", LogFieldKind.Description) { IsOfBareWords = true },
        new("user_id", LogFieldKind.Text, "l.user_id"),
        new("user_name", LogFieldKind.UserName, UserName) { IsOfBareWords = true },
        new("connection", LogFieldKind.Text, "u.connection") { IsOfBareWords = true },
        new("connection_id", LogFieldKind.NoValue),
        new("client_id", LogFieldKind.Text, "l.client_id"),
        new("client_name", LogFieldKind.ClientName, "c.name") { IsOfBareWords = true },
        new("ip", LogFieldKind.Text, "l.ip") { IsOfBareWords = true },
        new("user_agent", LogFieldKind.Text, "l.user_agent"),
        new("hostname", LogFieldKind.Hostname),
        new("strategy", LogFieldKind.NoValue),
        new("strategy_type", LogFieldKind.NoValue),
    ];

    private static readonly Dictionary<string, LogField> ByName = All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    public static IEnumerable<LogField> OfBareWords { get; } = [.. All.Where(field => field.IsOfBareWords)];

    public static LogField? Find(string name) => ByName.GetValueOrDefault(name);
}

internal enum LogFieldKind
{
    Text,

    /// <summary>The beginning of the entry's id.</summary>
    Instant,

    /// <summary>The current name of the user.</summary>
    UserName,

    /// <summary>The current name of the client.</summary>
    ClientName,

    /// <summary>Derived from the type.</summary>
    Description,

    /// <summary>The same for all entries.</summary>
    Hostname,

    /// <summary>A field of the published API that has no value here.</summary>
    NoValue,
}

/// <param name="Name">In queries and sorts.</param>
/// <param name="Column">It is sorted by, and tested for existence; empty if there is none.</param>
internal sealed record LogField(string Name, LogFieldKind Kind, string Column = "")
{
    /// <summary>A word without a field is searched in it.</summary>
    public bool IsOfBareWords { get; init; }
}
