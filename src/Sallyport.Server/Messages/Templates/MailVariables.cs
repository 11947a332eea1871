using System.Text.Json;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.Messages.Templates;

/// <summary>The variables of mail templates.</summary>
internal static class MailVariables
{
    /// <summary>The variables that published templates use in every mail (docs/management-api.md §C.3).</summary>
    public static Dictionary<string, object?> Of(User? user, TenantSettings tenant, string? language) => new()
    {
        ["request_language"] = language ?? tenant.EnabledLocales?[0],
        ["tenant"] = tenant.DisplayName,
        ["friendly_name"] = tenant.DisplayName,
        ["support_email"] = tenant.SupportEmail,
        ["support_url"] = tenant.SupportUrl,
        ["application"] = new Dictionary<string, object?> { ["name"] = tenant.DisplayName },
        ["user"] = new Dictionary<string, object?>
        {
            ["user_id"] = user?.UserId,
            ["email"] = user?.Email,
            ["email_verified"] = user?.EmailVerified,
            ["picture"] = user?.Picture,
            ["nickname"] = user?.Nickname,
            ["given_name"] = user?.GivenName,
            ["family_name"] = user?.FamilyName,
            ["name"] = user?.Name,
            ["app_metadata"] = Read(user?.AppMetadata),
            ["user_metadata"] = Read(user?.UserMetadata),
        },
    };

    /// <summary>JSON as the values that <see cref="Sallyport.Protocols.Liquid.LiquidTemplate.Render"/> takes.</summary>
    public static object? Read(JsonElement? json) => json switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt64(out var whole) ? (object)whole : number.GetDouble(),
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(item => Read(item)).ToList(),
        { ValueKind: JsonValueKind.Object } map => map.EnumerateObject()
            .ToDictionary(member => member.Name, member => Read(member.Value), StringComparer.Ordinal),
        _ => null,
    };
}
