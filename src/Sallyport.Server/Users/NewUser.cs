using System.Text.Json;
using Sallyport.Server.Security;

namespace Sallyport.Server.Users;

/// <summary>A user as they are stored first, with what follows from what is known of them.</summary>
internal static class NewUser
{
    private const string Provider = "auth0";
    private const int GeneratedIdLength = 24;

    /// <summary>Without a password: hashing takes its time, and is left to who has one.</summary>
    public static User Of(CreateUserRequest request, TimeProvider clock)
    {
        var email = UserRules.NormalizeEmail(request.Email);
        // To the millisecond, as it is stored and shown.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        return new User
        {
            UserId = string.IsNullOrEmpty(request.UserId) ? IdOf(Tokens.NewHex(GeneratedIdLength)) : IdOf(request.UserId),
            Connection = request.Connection,
            Email = email,
            EmailVerified = request.EmailVerified ?? false,
            Username = request.Username,
            PhoneNumber = request.PhoneNumber,
            PhoneVerified = request.PhoneVerified,
            Name = request.Name ?? email ?? request.Username ?? request.PhoneNumber,
            Nickname = request.Nickname ?? email?.Split('@')[0] ?? request.Username,
            GivenName = request.GivenName,
            FamilyName = request.FamilyName,
            Picture = request.Picture ?? UserRules.DefaultPicture(email),
            Blocked = request.Blocked,
            UserMetadata = Metadata(request.UserMetadata),
            AppMetadata = Metadata(request.AppMetadata),
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <param name="suffix">What a caller may choose of an id.</param>
    public static string IdOf(string suffix) => $"{Provider}|{suffix}";

    private static JsonElement? Metadata(Dictionary<string, JsonElement>? metadata) =>
        metadata is null ? null : UserRules.MergeMetadata(null, JsonSerializer.SerializeToElement(metadata, UserJson.Default.DictionaryStringJsonElement));
}
