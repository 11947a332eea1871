namespace Sallyport.Server.Audit;

/// <summary>The names by which the log is searched and sorted, and the columns behind them. Nothing else reaches the SQL.</summary>
internal static class LogFields
{
    public const string UserName = "coalesce(u.email, u.username, u.phone_number, u.name)";

    /// <summary>Its beginning is the instant, so it sorts as the date does, by an index.</summary>
    public const string ByDate = "l.log_id";

    public static readonly IReadOnlyDictionary<string, string> Columns = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["log_id"] = "l.log_id",
        ["type"] = "l.type",
        ["user_id"] = "l.user_id",
        ["user_name"] = UserName,
        ["client_id"] = "l.client_id",
        ["client_name"] = "c.name",
        ["connection"] = "u.connection",
        ["ip"] = "l.ip",
        ["user_agent"] = "l.user_agent",
    };

    /// <summary>Where a word without a field is looked for.</summary>
    public static readonly IReadOnlyList<string> OfBareWords = ["log_id", "type", "user_name", "client_name", "connection", "ip"];
}
