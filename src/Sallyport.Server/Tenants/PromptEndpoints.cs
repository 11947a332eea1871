using Sallyport.Server.Http;
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
