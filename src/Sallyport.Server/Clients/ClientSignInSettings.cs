using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Clients;

/// <summary>What may be set of a client and matters to sign-in alone: kept and shown, so that a tool finds again what it has set.</summary>
public abstract record ClientSignInSettings
{
    [JsonPropertyName("oidc_logout")]
    public Dictionary<string, JsonElement>? OidcLogout { get; init; }

    /// <summary>What <c>oidc_logout</c> was called before.</summary>
    [JsonPropertyName("oidc_backchannel_logout")]
    public Dictionary<string, JsonElement>? OidcBackchannelLogout { get; init; }

    [JsonPropertyName("session_transfer"), NullableOnWire]
    public Dictionary<string, JsonElement>? SessionTransfer { get; init; }

    [JsonPropertyName("token_exchange"), NullableOnWire]
    public Dictionary<string, JsonElement>? TokenExchange { get; init; }

    /// <summary>A public key, and its certificate.</summary>
    [JsonPropertyName("encryption_key"), NullableOnWire, TextValues(4096)]
    public Dictionary<string, JsonElement>? EncryptionKey { get; init; }

    [JsonPropertyName("default_organization"), NullableOnWire]
    public Dictionary<string, JsonElement>? DefaultOrganization { get; init; }

    [JsonPropertyName("organization_usage"), NullableOnWire, AllowedValues("deny", "allow", "require")]
    public string? OrganizationUsage { get; init; }

    [JsonPropertyName("organization_require_behavior"), NullableOnWire, AllowedValues("no_prompt", "pre_login_prompt", "post_login_prompt")]
    public string? OrganizationRequireBehavior { get; init; }

    [JsonPropertyName("organization_discovery_methods"), NullableOnWire, AllowedItems("email", "organization_name"), UniqueItems]
    public string[]? OrganizationDiscoveryMethods { get; init; }

    [JsonPropertyName("custom_login_page_preview"), StringLength(200_000)]
    public string? CustomLoginPagePreview { get; init; }

    [JsonPropertyName("form_template"), StringLength(200_000)]
    public string? FormTemplate { get; init; }

    [JsonPropertyName("resource_server_identifier"), StringLength(600, MinimumLength = 1)]
    public string? ResourceServerIdentifier { get; init; }

    [JsonPropertyName("par_request_expiry"), NullableOnWire, Range(10, 600)]
    public int? ParRequestExpiry { get; init; }

    [JsonPropertyName("skip_non_verifiable_callback_uri_confirmation_prompt"), NullableOnWire]
    public bool? SkipNonVerifiableCallbackUriConfirmationPrompt { get; init; }

    [JsonPropertyName("async_approval_notification_channels"), AllowedItems("guardian-push", "email"), UniqueItems]
    public string[]? AsyncApprovalNotificationChannels { get; init; }

    [JsonPropertyName("redirection_policy"), AllowedValues("allow_always", "open_redirect_protection")]
    public string? RedirectionPolicy { get; init; }

    [JsonPropertyName("third_party_security_mode"), AllowedValues("strict", "permissive")]
    public string? ThirdPartySecurityMode { get; init; }

    /// <summary>The other levels promise more than the token endpoint keeps to.</summary>
    [JsonPropertyName("compliance_level"), NullableOnWire, AllowedValues("none")]
    public string? ComplianceLevel { get; init; }
}
