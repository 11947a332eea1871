using System.Text.Json.Serialization;

namespace Sallyport.Server.Stats;

/// <summary>What happened on one day, by UTC.</summary>
/// <param name="CreatedAt">When the day began.</param>
/// <param name="UpdatedAt">When the last of it happened.</param>
public sealed record DayStats(
    [property: JsonPropertyName("date")] DateTimeOffset Date,
    [property: JsonPropertyName("logins")] long Logins,
    [property: JsonPropertyName("signups")] long Signups,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("updated_at")] DateTimeOffset UpdatedAt)
{
    /// <summary>Passwords are not compared with leaked ones here.</summary>
    [JsonPropertyName("leaked_passwords")]
    public long LeakedPasswords => 0;
}
