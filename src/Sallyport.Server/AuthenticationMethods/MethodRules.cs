using System.Text.Json;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>The properties of each type of method, and the limit on their number.</summary>
internal static class MethodRules
{
    /// <summary>As in the published API. Users may give longer names themselves.</summary>
    public const int MaxNameLength = 20;

    /// <summary>Per user: each method is one more way to sign in.</summary>
    public const int MaxMethods = 20;

    /// <summary>E.164, within the length that the published API allows.</summary>
    public const string PhoneNumber = @"^\+[1-9][0-9]{1,14}$";

    private static readonly Dictionary<string, (string[] Needed, string[] Possible)> Properties = new(StringComparer.Ordinal)
    {
        [MethodTypes.Totp] = (["totp_secret"], []),
        [MethodTypes.Phone] = (["phone_number"], ["preferred_authentication_method"]),
        [MethodTypes.Email] = (["email"], []),
        [MethodTypes.WebAuthnRoaming] = (["key_id", "public_key", "relying_party_identifier"], []),
        [MethodTypes.Passkey] = (
            ["key_id", "public_key"],
            ["relying_party_identifier", "aaguid", "credential_device_type", "credential_backed_up", "identity_user_id",
                "user_agent", "user_handle", "transports"]),
    };

    /// <param name="prefix">The text before the names in the message.</param>
    /// <returns>The error for the first property that is missing or does not apply to the type; null if there is none.</returns>
    public static ApiError? FindFault(JsonElement method, string prefix = "")
    {
        var type = method.GetProperty("type").GetString()!;
        var (needed, possible) = Properties[type];
        if (needed.FirstOrDefault(name => !method.TryGetProperty(name, out _)) is { } missing)
        {
            return ApiError.Payload($"Missing required property: {prefix}{missing}");
        }

        return method.EnumerateObject().Select(member => member.Name)
            .FirstOrDefault(name => name is not ("type" or "name") && !needed.Contains(name) && !possible.Contains(name)) is { } foreign
            ? ApiError.Payload($"Does not apply to a method of type {type}", prefix + foreign)
            : null;
    }

    public static ApiError? FindFault(ListBody<SetAuthenticationMethodRequest> body) =>
        body.Raw.EnumerateArray().Select((item, index) => FindFault(item, $"{index}.")).FirstOrDefault(fault => fault is not null);
}
