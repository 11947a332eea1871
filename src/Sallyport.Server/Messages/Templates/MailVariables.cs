using System.Text.Json;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.Messages.Templates;

/// <summary>Data of a tenant and a user as template variables.</summary>
internal static class MailVariables
{
    /// <summary>The variables that published templates use in every mail.</summary>
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

    /// <summary>The same data with the characters encoded that mean something in HTML, in names of members too.</summary>
    public static IReadOnlyDictionary<string, object?> Encode(IReadOnlyDictionary<string, object?> variables) =>
        variables.GroupBy(member => Encode(member.Key), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => EncodeValue(group.First().Value), StringComparer.Ordinal);

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

    private static object? EncodeValue(object? value) => value switch
    {
        string text => Encode(text),
        IReadOnlyDictionary<string, object?> map => Encode(map),
        IReadOnlyList<object?> list => list.Select(EncodeValue).ToList(),
        _ => value,
    };

    /// <summary>These five and no others: a name keeps its accents where a template encodes it once more.</summary>
    private static string Encode(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;");
}
