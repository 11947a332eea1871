using System.Text.Json;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The settings that the list of factors can include.</summary>
internal static class CodeLengths
{
    public static readonly IReadOnlyDictionary<string, CodeSettings> None = new Dictionary<string, CodeSettings>();

    /// <returns>By the name of the factor.</returns>
    public static async ValueTask<IReadOnlyDictionary<string, CodeSettings>> FindAsync(
        Session session, TenantId tenant, SettingReader settingReader, CancellationToken cancellationToken)
    {
        var codes = new Dictionary<string, CodeSettings>();
        foreach (var (factor, kind) in new[] { ("sms", FactorSettings.PhoneCodes), ("email", FactorSettings.EmailCodes) })
        {
            var shown = SettingValue.Show(kind, await settingReader.FindAsync(session, tenant, kind, cancellationToken), withSecrets: false);
            codes.Add(factor, shown.Deserialize(FactorJson.Default.CodeSettings)!);
        }

        return codes;
    }
}
