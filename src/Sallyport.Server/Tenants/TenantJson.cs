using System.Text.Json.Serialization;

namespace Sallyport.Server.Tenants;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TenantSettings))]
[JsonSerializable(typeof(TenantSettingsPatch))]
[JsonSerializable(typeof(IReadOnlyList<MfaPageVersion>))]
[JsonSerializable(typeof(PromptSettings))]
internal sealed partial class TenantJson : JsonSerializerContext;
