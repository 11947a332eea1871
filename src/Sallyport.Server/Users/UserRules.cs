using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Users;

/// <summary>Rules about a user's data that need no database.</summary>
internal static class UserRules
{
    public const int MaxUsernameLength = 128;
    public const int MaxPasswordLength = 1024;
    public const int MaxNameLength = 300;
    public const int MaxNamePartLength = 150;
    public const int MaxPictureLength = 2048;
    public const string PhoneNumber = @"^\+[0-9]{1,15}$";

    /// <summary>Characters of either kind of metadata as JSON. It keeps a page of users small enough to send.</summary>
    private const int MaxMetadataLength = 256 * 1024;

    public static readonly string TooMuchMetadata = $"Metadata must not have more than {MaxMetadataLength} characters in all";

    /// <summary>The current instant to the millisecond, as it is stored and shown.</summary>
    public static DateTimeOffset Now(TimeProvider clock) => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Addresses that differ only in case or Unicode form are the same subject.</summary>
    public static string? NormalizeEmail(string? email) => UserText.Fold(email?.Trim());

    /// <summary>The picture that the published API gives to a user without one.</summary>
    public static string? DefaultPicture(string? email)
    {
        if (email is null)
        {
            return null;
        }

#pragma warning disable CA5351 // Not a secret: Gravatar names pictures by this hash.
        var hash = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(email)));
#pragma warning restore CA5351
        var initials = Uri.EscapeDataString(email.Length < 2 ? email : email[..2]);
        return $"https://s.gravatar.com/avatar/{hash}?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2F{initials}.png";
    }

    /// <summary>Merges the first level: <c>null</c> deletes a key, an empty object clears all keys (docs/management-api.md §B.1).</summary>
    public static JsonElement? MergeMetadata(JsonElement? stored, JsonElement patch)
    {
        var merged = stored is { } existing && patch.EnumerateObject().Any()
            ? JsonNode.Parse(existing.GetRawText())!.AsObject()
            : [];
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                merged.Remove(member.Name);
            }
            else
            {
                merged[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }

        using var document = JsonDocument.Parse(merged.ToJsonString());
        return document.RootElement.Clone();
    }

    public static bool HasTooMuchMetadata(User user) =>
        user.UserMetadata?.GetRawText().Length > MaxMetadataLength || user.AppMetadata?.GetRawText().Length > MaxMetadataLength;
}

/// <summary>The form in which texts are compared without regard to case. It is computed here, so that all engines agree.</summary>
internal static class UserText
{
    /// <summary>U+FFFE is a noncharacter for which the platform throws.</summary>
    public static string? Fold(string? text) => text?.Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormC).ToLowerInvariant();

    public static string? Domain(string? email) =>
        email is not null && email.LastIndexOf('@') is var at and >= 0 ? email[(at + 1)..] : null;
}
