using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Connections;

/// <summary>The defaults and the rules of <c>options</c>, as the published API has them. Only the length of passwords has an effect here; other options are stored and shown.</summary>
internal static class ConnectionOptions
{
    private const string DatabaseDefaults = """
        {
            "authentication": { "active": true },
            "connected_accounts": { "active": false },
            "options": {
                "mfa": { "active": true, "return_enroll_settings": true },
                "passwordPolicy": "good",
                "strategy_version": 2,
                "brute_force_protection": true,
                "authentication_methods": {
                    "password": { "enabled": true, "api_behavior": "required", "signup_behavior": "allow" },
                    "passkey": { "enabled": false }
                },
                "passkey_options": { "challenge_ui": "both", "progressive_enrollment_enabled": true, "local_enrollment_enabled": true }
            }
        }
        """;

    private static readonly ApiError NoActiveIdentifier =
        ApiError.BadRequest("attributes must contain one active identifier", ErrorCodes.InvalidBody);

    /// <summary>Options that a PATCH keeps if it does not name them. It replaces all others.</summary>
    private static readonly string[] Kept = ["authentication_methods", "passkey_options"];

    /// <returns>The settings of a new connection, with the defaults of its strategy; null if they are too large.</returns>
    public static string? NewSettings(CreateConnectionRequest request)
    {
        var settings = JsonSerializer.SerializeToNode(request, ConnectionJson.Default.CreateConnectionRequest)!.AsObject();
        if (request.Strategy == Connection.DatabaseStrategy)
        {
            var defaults = JsonNode.Parse(DatabaseDefaults)!.AsObject();
            if (settings["options"] is JsonObject options && options.ContainsKey("password_options"))
            {
                // The successor of passwordPolicy.
                defaults["options"]!.AsObject().Remove("passwordPolicy");
            }

            AddMissing(settings, defaults);
            CompleteEmail(settings["options"]);
        }

        return StoredSettings.Merge("{}", ToElement(settings), "name", "strategy");
    }

    /// <param name="changes">The members of the request, in which <c>null</c> removes a setting.</param>
    /// <returns>The changed settings; null if they are too large.</returns>
    public static string? Patch(string stored, JsonElement changes)
    {
        var patch = JsonObject.Create(changes)!;
        if (patch["options"] is JsonObject options)
        {
            var before = JsonNode.Parse(stored)!["options"] as JsonObject;
            foreach (var name in Kept.Where(name => !options.ContainsKey(name) && before?[name] is not null))
            {
                options[name] = before![name]!.DeepClone();
            }

            CompleteEmail(options);
        }

        return StoredSettings.Merge(stored, ToElement(patch));
    }

    /// <returns>The fault of options that contradict each other, with the message of the published API; null if there is none.</returns>
    public static ApiError? FindFault(IReadOnlyDictionary<string, JsonElement>? options)
    {
        if (options?.GetValueOrDefault("attributes") is not { ValueKind: JsonValueKind.Object } attributes || !attributes.EnumerateObject().Any())
        {
            return null;
        }

        foreach (var name in new[] { "requires_username", "validation" })
        {
            if (options.TryGetValue(name, out var value) && !PayloadSchema.IsOff(value))
            {
                return ApiError.BadRequest($"Cannot set both options.attributes and options.{name}", ErrorCodes.InvalidBody);
            }
        }

        if (!attributes.EnumerateObject().Any(attribute => IsIdentifier(attribute.Value)))
        {
            return NoActiveIdentifier;
        }

        return attributes.EnumerateObject().FirstOrDefault(MustBeRequiredOnSignup) is { Value.ValueKind: JsonValueKind.Object } optional
            ? ApiError.BadRequest($"attribute {optional.Name} must also be required on signup", ErrorCodes.InvalidBody)
            : null;
    }

    public static int MinPasswordLength(IReadOnlyDictionary<string, JsonElement>? options)
    {
        JsonElement Option(string name) => options?.GetValueOrDefault(name) ?? default;
        foreach (var complexity in new[] { Member(Option("password_options"), "complexity"), Option("password_complexity_options") })
        {
            if (Member(complexity, "min_length") is { ValueKind: JsonValueKind.Number } length && length.TryGetInt32(out var characters))
            {
                return characters;
            }
        }

        return Option("passwordPolicy") is { ValueKind: JsonValueKind.String } policy ? MinLengthOf(policy.GetString()!) : 1;
    }

    private static int MinLengthOf(string policy) => policy switch
    {
        "low" => 6,
        "fair" or "good" => 8,
        "excellent" => 10,
        _ => 1,
    };

    private static bool IsIdentifier(JsonElement attribute) =>
        Member(Member(attribute, "identifier"), "active").ValueKind == JsonValueKind.True;

    /// <summary>A number that identifies its user, or any attribute that the profile requires, has to be given on signup.</summary>
    private static bool MustBeRequiredOnSignup(JsonProperty attribute) =>
        ((attribute.Name == "phone_number" && IsIdentifier(attribute.Value)) || Member(attribute.Value, "profile_required").ValueKind == JsonValueKind.True)
        && Member(Member(attribute.Value, "signup"), "status") is { ValueKind: JsonValueKind.String } status
        && status.GetString() != "required";

    private static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;

    private static void AddMissing(JsonObject target, JsonObject defaults)
    {
        foreach (var (name, value) in defaults)
        {
            if (target[name] is JsonObject inner && value is JsonObject innerDefaults)
            {
                AddMissing(inner, innerDefaults);
            }
            else if (!target.ContainsKey(name))
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    private static void CompleteEmail(JsonNode? options)
    {
        if ((options?["attributes"] as JsonObject)?["email"] is JsonObject email)
        {
            AddMissing(email, new JsonObject { ["verification_method"] = "link", ["unique"] = true });
        }
    }

    private static JsonElement ToElement(JsonObject value) => JsonSerializer.SerializeToElement(value, ConnectionJson.Default.JsonObject);
}

/// <summary>
/// Refuses secrets in options, because every reader of connections sees them. What sends messages or runs scripts is not configured in a
/// connection here.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WithoutSecretsAttribute()
    : ValidationAttribute("Options must not contain secrets or addresses with a password. Not supported: " + string.Join(", ", Refused))
{
    private static readonly string[] Refused =
        ["configuration", "bareConfiguration", "customScripts", "client_secret", "twilio_sid", "twilio_token", "gateway_authentication"];

    /// <summary>A text under a name that contains one of these is taken for a secret.</summary>
    private static readonly string[] Words = ["secret", "pass", "pwd", "key", "token", "credential", "authorization"];

    /// <summary>Published options whose names only sound like a secret.</summary>
    private static readonly string[] Choices = ["passwordPolicy"];

    public override bool IsValid(object? value) =>
        value is not JsonElement { ValueKind: JsonValueKind.Object } options || !HoldsSecret(options, name: "");

    /// <param name="name">The nearest member around the value: the items of an array have the name of the array.</param>
    private static bool HoldsSecret(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member =>
            (IsRefused(member.Name) && !PayloadSchema.IsOff(member.Value)) || HoldsSecret(member.Value, member.Name)),
        JsonValueKind.Array => value.EnumerateArray().Any(element => HoldsSecret(element, name)),
        JsonValueKind.String => IsSecret(name) || HasUserInfo(value.GetString()!),
        JsonValueKind.Number => IsSecret(name),
        _ => false,
    };

    private static bool IsRefused(string name) => Refused.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase);

    private static bool IsSecret(string name) =>
        !Choices.Contains(name, StringComparer.Ordinal) && Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool HasUserInfo(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) && address.Scheme != Uri.UriSchemeMailto && address.UserInfo.Length > 0;
}
