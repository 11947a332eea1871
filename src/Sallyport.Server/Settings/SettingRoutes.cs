using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Settings;

/// <summary>Maps the endpoints of settings. Each feature lists its settings, one line for each endpoint.</summary>
internal sealed class SettingRoutes(RouteGroupBuilder group, string readScope, string updateScope)
{
    public SettingRoutes Get<T>(string pattern, SettingKind kind)
    {
        Describe<T>(group.MapGet(pattern, ShowAsync).RequireScope(readScope), "Get", pattern, new SettingOperation(kind, SettingWrite.Replace, typeof(T)));
        return this;
    }

    /// <param name="configure">Adds to the endpoint, for example a filter.</param>
    public SettingRoutes Put<T>(
        string pattern, SettingKind kind, SettingWrite write = SettingWrite.Replace, Action<RouteHandlerBuilder>? configure = null)
        where T : class
    {
        var endpoint = Describe<T>(
            group.MapPut(pattern, WriteAsync).RequireScope(updateScope), "Put", pattern, new SettingOperation(kind, write, typeof(T)))
            .WithMetadata(new BodyMetadata(typeof(T)));
        configure?.Invoke(endpoint);
        return this;
    }

    public SettingRoutes Patch<T>(string pattern, SettingKind kind, SettingWrite write = SettingWrite.Merge)
        where T : class
    {
        Describe<T>(group.MapPatch(pattern, WriteAsync).RequireScope(updateScope), "Patch", pattern, new SettingOperation(kind, write, typeof(T)))
            .WithMetadata(new BodyMetadata(typeof(T)));
        return this;
    }

    private static RouteHandlerBuilder Describe<T>(RouteHandlerBuilder endpoint, string verb, string pattern, SettingOperation operation)
    {
        var words = pattern.Split('/', '-').Where(word => word.Length > 0).Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase);
        return endpoint.WithName(verb + string.Concat(words)).WithMetadata(operation).Produces<T>();
    }

    private static async Task<JsonResult> ShowAsync(
        SettingOperation operation, CallContext call, SettingQueries settings, SallyportOptions options, CancellationToken cancellationToken)
    {
        var stored = await settings.FindAsync(call.Tenant, operation.Kind, cancellationToken);
        return new JsonResult(SettingValue.Show(operation.Kind, stored, options.ReturnsProviderSecrets));
    }

    private static async Task<Results<JsonResult, ApiError>> WriteAsync(
        SettingOperation operation, SettingBody body, CallContext call, ChangeSetting change, CancellationToken cancellationToken)
    {
        var stored = await change.RunAsync(
            operation.Kind,
            before => operation.Write == SettingWrite.Replace
                ? SettingValue.Replace(operation.Kind, before, body.Json)
                : SettingValue.Merge(operation.Kind, before, body.Json),
            call,
            cancellationToken);
        return new JsonResult(operation.Write == SettingWrite.MergeAndShow
            ? SettingValue.Show(operation.Kind, stored, withSecrets: false)
            : SettingValue.Echo(operation.Kind, body.Json));
    }
}

internal static class SettingServices
{
    public static void AddSettings(this IServiceCollection services)
    {
        services.AddSingleton<SettingReader>();
        services.AddSingleton<SettingQueries>();
        services.AddSingleton<ChangeSetting>();
    }
}

/// <summary>How a request changes a setting, and what the answer contains.</summary>
internal enum SettingWrite
{
    /// <summary>Replaces the setting and answers with the request body, as the published API does for settings of factors.</summary>
    Replace,

    /// <summary>Merges the request into the setting and answers with the request body.</summary>
    Merge,

    /// <summary>Merges the request into the setting and answers with the stored value.</summary>
    MergeAndShow,
}

/// <summary>Endpoint metadata: the setting that an endpoint reads or writes. Handlers get it as a parameter.</summary>
internal sealed record SettingOperation(SettingKind Kind, SettingWrite Write, Type Type)
{
    public static ValueTask<SettingOperation> BindAsync(HttpContext context, ParameterInfo _) =>
        ValueTask.FromResult(context.GetEndpoint()!.Metadata.GetRequiredMetadata<SettingOperation>());
}

/// <summary>A request body, checked against the type that the endpoint's <see cref="SettingOperation"/> names.</summary>
internal sealed record SettingBody(JsonElement Json)
{
    public static async ValueTask<SettingBody> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var operation = await SettingOperation.BindAsync(context, parameter);
        return new SettingBody((await CheckedPayload.ReadAsync(context, operation.Type)).Raw);
    }
}
