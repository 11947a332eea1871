using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Tenants;

internal static class PromptEndpoints
{
    public static readonly SettingKind Prompts = SettingKind.Of<PromptSettings>(
        "prompts", """{"universal_login_experience":"new","identifier_first":false,"webauthn_platform_first_factor":false}""");

    public static void MapPrompts(this IEndpointRouteBuilder api) =>
        new SettingRoutes(api.MapGroup("").WithTags("Prompts"), ManagementScopes.ReadPrompts, ManagementScopes.UpdatePrompts)
            .Get<PromptSettings>("/prompts", Prompts)
            .Patch<PromptSettings>("/prompts", Prompts, SettingWrite.MergeAndShow);
}

/// <summary>How the sign-in pages behave (docs/management-api.md §C.7).</summary>
public sealed record PromptSettings
{
    [JsonPropertyName("universal_login_experience"), AllowedValues("new", "classic")]
    public string? UniversalLoginExperience { get; init; }

    [JsonPropertyName("identifier_first"), NullableOnWire]
    public bool? IdentifierFirst { get; init; }

    [JsonPropertyName("webauthn_platform_first_factor"), NullableOnWire]
    public bool? WebAuthnPlatformFirstFactor { get; init; }
}
