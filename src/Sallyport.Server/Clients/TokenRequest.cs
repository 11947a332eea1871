using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Clients;

/// <summary>A request to <c>/oauth/token</c>: form or JSON, the secret in the body or in HTTP Basic (RFC 6749 section 2.3.1).</summary>
internal sealed record TokenRequest
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public required string? GrantType { get; init; }

    public required string? ClientId { get; init; }

    public required string? ClientSecret { get; init; }

    /// <summary>The client proves itself by HTTP Basic.</summary>
    public required bool IsBasic { get; init; }

    public required string? Audience { get; init; }

    public required string? Scope { get; init; }

    /// <returns>The request, or what is wrong with it.</returns>
    public static async ValueTask<(TokenRequest? Request, OAuthError? Error)> ReadAsync(HttpContext context)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var error = await FormReader.IsFormAsync(context.Request)
            ? await ReadFormAsync(context, parameters)
            : await ReadJsonAsync(context, parameters);
        if (error is not null)
        {
            return (null, error);
        }

        var basic = Basic(context.Request.Headers.Authorization);
        return (new TokenRequest
        {
            GrantType = parameters.GetValueOrDefault("grant_type"),
            ClientId = basic?.Id ?? parameters.GetValueOrDefault("client_id"),
            ClientSecret = basic?.Secret ?? parameters.GetValueOrDefault("client_secret"),
            IsBasic = basic is not null,
            Audience = parameters.GetValueOrDefault("audience"),
            Scope = parameters.GetValueOrDefault("scope"),
        }, null);
    }

    public override string ToString() => $"{GrantType} for {ClientId}";

    private static async ValueTask<OAuthError?> ReadFormAsync(HttpContext context, Dictionary<string, string> parameters)
    {
        if (await FormReader.ReadAsync(context.Request) is not { } form)
        {
            return OAuthError.InvalidRequest("The form is malformed");
        }

        foreach (var (name, values) in form)
        {
            // RFC 6749 section 3.2: a parameter is not sent twice.
            if (values.Count != 1 || !IsText(values[0]))
            {
                return OAuthError.InvalidRequest($"Parameter {name} must be sent once, as text");
            }

            parameters[name] = values[0]!;
        }

        return null;
    }

    private static async ValueTask<OAuthError?> ReadJsonAsync(HttpContext context, Dictionary<string, string> parameters)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Options, context.RequestAborted);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return OAuthError.InvalidRequest("The body must be a JSON object");
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.String || !IsText(member.Value.GetString()))
                {
                    return OAuthError.InvalidRequest($"Parameter {member.Name} must be a text");
                }

                parameters[member.Name] = member.Value.GetString()!;
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return OAuthError.InvalidRequest("The body must be a form or a JSON object");
        }
    }

    private static bool IsText(string? value) => value is not null && !value.Contains('\0');

    private static (string Id, string Secret)? Basic(string? header)
    {
        if (header is null || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var encoded = header["Basic ".Length..].Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts.Length == 2 && Decode(parts[0]) is var id && Decode(parts[1]) is var secret && IsText(id) && IsText(secret)
            ? (id, secret)
            : null;
    }

    private static string Decode(string value) => Uri.UnescapeDataString(value.Replace('+', ' '));
}

/// <summary>The parameters by name, for the OpenAPI document. The client's own may stand in HTTP Basic instead.</summary>
public sealed record TokenParameters(
    [property: JsonPropertyName("grant_type"), AllowedValues("client_credentials")] string GrantType,
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("client_secret")] string? ClientSecret,
    [property: JsonPropertyName("audience")] string Audience,
    [property: JsonPropertyName("scope")] string? Scope)
{
    public override string ToString() => "***";
}
