
namespace Sallyport.Server.Tenants;

/// <summary>The language tags that the published API knows.</summary>
internal static class TenantLocales
{
    public static readonly string[] All =
    [
        "am", "ar", "ar-EG", "ar-SA", "az", "bg", "bn", "bs", "ca-ES", "cnr", "cs", "cy", "da", "de", "el", "en", "en-CA", "es", "es-419",
        "es-AR", "es-MX", "et", "eu-ES", "fa", "fi", "fr", "fr-CA", "fr-FR", "gl-ES", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it",
        "ja", "ka", "kk", "kn", "ko", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "nb", "nl", "nn", "no", "pa", "pl", "pt", "pt-BR",
        "pt-PT", "ro", "ru", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "zgh", "zh-CN",
        "zh-HK", "zh-MO", "zh-TW",
    ];
}

/// <summary>Each text of the array is one of <see cref="TenantLocales"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LocalesAttribute() : Http.Payloads.AllowedItemsAttribute(TenantLocales.All);
