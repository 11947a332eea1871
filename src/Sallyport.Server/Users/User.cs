using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Users;

/// <summary>
/// A user of a tenant, as the Management API shows it (docs/management-api.md §B.1): unknown members are left out, never <c>null</c>.
/// </summary>
public sealed record User
{
    [JsonPropertyName("user_id")]
    public required string UserId { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("email_verified")]
    public bool? EmailVerified { get; init; }

    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("phone_number")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("phone_verified")]
    public bool? PhoneVerified { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("nickname")]
    public string? Nickname { get; init; }

    [JsonPropertyName("given_name")]
    public string? GivenName { get; init; }

    [JsonPropertyName("family_name")]
    public string? FamilyName { get; init; }

    [JsonPropertyName("picture")]
    public string? Picture { get; init; }

    [JsonPropertyName("blocked")]
    public bool? Blocked { get; init; }

    [JsonPropertyName("user_metadata")]
    public JsonElement? UserMetadata { get; init; }

    [JsonPropertyName("app_metadata")]
    public JsonElement? AppMetadata { get; init; }

    [JsonPropertyName("identities")]
    public IReadOnlyList<Identity> Identities => [new(Connection, UserId[(UserId.IndexOf('|') + 1)..], Provider, IsSocial: false)];

    [JsonPropertyName("last_ip")]
    public string? LastIp { get; init; }

    [JsonPropertyName("last_login")]
    public DateTimeOffset? LastLogin { get; init; }

    [JsonPropertyName("logins_count")]
    public long? LoginsCount { get; init; }

    /// <summary>The providers of the user's second factors. Guardian is the only one.</summary>
    [JsonPropertyName("multifactor")]
    public IReadOnlyList<string>? Multifactor => EnrolledAt is null ? null : ["guardian"];

    [JsonPropertyName("multifactor_last_modified")]
    public DateTimeOffset? MultifactorLastModified => EnrolledAt > FactorsRemovedAt || FactorsRemovedAt is null ? EnrolledAt : FactorsRemovedAt;

    [JsonPropertyName("last_password_reset")]
    public DateTimeOffset? LastPasswordReset { get; init; }

    [JsonPropertyName("created_at")]
    public DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("updated_at")]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the newest second factor was confirmed; null if there is none.</summary>
    [JsonIgnore]
    public DateTimeOffset? EnrolledAt { get; init; }

    /// <summary>When a second factor was last removed.</summary>
    [JsonIgnore]
    public DateTimeOffset? FactorsRemovedAt { get; init; }

    [JsonIgnore]
    public string Connection { get; init; } = "";

    [JsonIgnore]
    public string? PasswordHash { get; init; }

    [JsonIgnore]
    public string Provider => UserId[..UserId.IndexOf('|')];
}

public sealed record Identity(
    [property: JsonPropertyName("connection")] string Connection,
    [property: JsonPropertyName("user_id")] string UserId,
    [property: JsonPropertyName("provider")] string Provider,
    [property: JsonPropertyName("isSocial")] bool IsSocial);

/// <summary>A page of users with totals. The members are in the order of the published API.</summary>
public sealed record UserPage(
    [property: JsonPropertyName("start")] int Start,
    [property: JsonPropertyName("limit")] int Limit,
    [property: JsonPropertyName("length")] int Length,
    [property: JsonPropertyName("users")] IReadOnlyList<User> Users,
    [property: JsonPropertyName("total")] long Total);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(UserBlocksResponse))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(IReadOnlyList<User>))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(PatchUserRequest))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class UserJson : JsonSerializerContext;
