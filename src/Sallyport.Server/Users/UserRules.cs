using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Http;

namespace Sallyport.Server.Users;

/// <summary>What follows from a user's data without a database.</summary>
internal static class UserRules
{
    /// <summary>Of either kind of metadata as JSON: a list of users stays one that can be sent.</summary>
    private const int MaxMetadataLength = 256 * 1024;

    public const int MaxUsernameLength = 128;
    public const int MaxPasswordLength = 1024;
    public const int MaxNameLength = 300;
    public const int MaxNamePartLength = 150;
    public const int MaxPictureLength = 2048;
    public const string PhoneNumber = @"^\+[0-9]{1,15}$";

    /// <summary>One spelling for one address: two that differ in case or Unicode form are the same subject.</summary>
    public static string? NormalizeEmail(string? email) => UserText.Fold(email?.Trim());

    /// <summary>The picture that the published API gives to a user who has none.</summary>
    public static string? DefaultPicture(string? email)
    {
        if (email is null)
        {
            return null;
        }

#pragma warning disable CA5351 // Not a secret: Gravatar names pictures by this hash.
        var hash = Convert.ToHexStringLower(MD5.HashData(System.Text.Encoding.UTF8.GetBytes(email)));
#pragma warning restore CA5351
        var initials = Uri.EscapeDataString(email.Length < 2 ? email : email[..2]);
        return $"https://s.gravatar.com/avatar/{hash}?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2F{initials}.png";
    }

    /// <summary>
    /// Merges the first level: <c>null</c> deletes a key, an empty object clears everything (docs/management-api.md §B.1).
    /// </summary>
    /// <exception cref="ApiException">400 where the result is too large.</exception>
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

        var text = merged.ToJsonString();
        if (text.Length > MaxMetadataLength)
        {
            throw new ApiException(ApiError.Payload($"Metadata must not have more than {MaxMetadataLength} characters in all"));
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
