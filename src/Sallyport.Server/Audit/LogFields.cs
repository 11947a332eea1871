namespace Sallyport.Server.Audit;

/// <summary>What the log is searched and sorted by. Nothing else reaches the SQL.</summary>
internal static class LogFields
{
    public const string UserName = "coalesce(u.email, u.username, u.phone_number, u.name)";

    /// <summary>Its beginning is the instant, so it sorts as the date does, by an index.</summary>
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
        new("connection_id", LogFieldKind.Nothing),
        new("client_id", LogFieldKind.Text, "l.client_id"),
        new("client_name", LogFieldKind.ClientName, "c.name") { IsOfBareWords = true },
        new("ip", LogFieldKind.Text, "l.ip") { IsOfBareWords = true },
        new("user_agent", LogFieldKind.Text, "l.user_agent"),
        new("hostname", LogFieldKind.Hostname),
        new("strategy", LogFieldKind.Nothing),
        new("strategy_type", LogFieldKind.Nothing),
    ];

    private static readonly Dictionary<string, LogField> ByName = All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    public static IEnumerable<LogField> OfBareWords { get; } = [.. All.Where(field => field.IsOfBareWords)];

    public static LogField? Find(string name) => ByName.GetValueOrDefault(name);
}
