using System.Text.Json;
using Sallyport.Server.Security;

namespace Sallyport.Server.Users;

/// <summary>A user as they are stored first, with what follows from what is known of them.</summary>
internal static class NewUser
{
    private const string Provider = "auth0";
    private const int GeneratedIdLength = 24;

    /// <summary>Without a password: hashing takes its time, and is left to who has one.</summary>
    public static User Of(UserProperties properties, string connection, TimeProvider clock)
    {
        var email = UserRules.NormalizeEmail(properties.Email);
        // To the millisecond, as it is stored and shown.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        return new User
        {
            UserId = string.IsNullOrEmpty(properties.UserId) ? IdOf(Tokens.NewHex(GeneratedIdLength)) : IdOf(properties.UserId),
            Connection = connection,
            Email = email,
            EmailVerified = properties.EmailVerified ?? false,
            Username = properties.Username,
            PhoneNumber = properties.PhoneNumber,
            PhoneVerified = properties.PhoneVerified,
            Name = properties.Name ?? email ?? properties.Username ?? properties.PhoneNumber,
            Nickname = properties.Nickname ?? email?.Split('@')[0] ?? properties.Username,
            GivenName = properties.GivenName,
            FamilyName = properties.FamilyName,
            Picture = properties.Picture ?? UserRules.DefaultPicture(email),
            Blocked = properties.Blocked,
            UserMetadata = Metadata(properties.UserMetadata),
            AppMetadata = Metadata(properties.AppMetadata),
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <param name="suffix">What a caller may choose of an id.</param>
    public static string IdOf(string suffix) => $"{Provider}|{suffix}";

    private static JsonElement? Metadata(Dictionary<string, JsonElement>? metadata) =>
        metadata is null ? null : UserRules.MergeMetadata(null, JsonSerializer.SerializeToElement(metadata, UserJson.Default.DictionaryStringJsonElement));
}
