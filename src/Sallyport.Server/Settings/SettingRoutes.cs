using Sallyport.Server.Http.Payloads;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Settings;

/// <summary>Maps settings to addresses: a table of one line for each, in the feature that a setting belongs to.</summary>
internal sealed class SettingRoutes(RouteGroupBuilder group, string readScope, string updateScope)
{
    public SettingRoutes Get<T>(string pattern, SettingKind kind)
    {
        Describe<T>(group.MapGet(pattern, ShowAsync).RequireScope(readScope), "Get", pattern, new SettingOperation(kind, SettingWrite.Replace, typeof(T)));
        return this;
    }

    public SettingRoutes Put<T>(string pattern, SettingKind kind, SettingWrite write = SettingWrite.Replace)
        where T : class
    {
        Describe<T>(group.MapPut(pattern, WriteAsync).RequireScope(updateScope), "Put", pattern, new SettingOperation(kind, write, typeof(T)))
            .WithMetadata(new BodyMetadata(typeof(T)));
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
        SettingOperation operation, Database database, SettingReader settingReader, SallyportOptions options, CancellationToken cancellationToken)
    {
        var stored = await database.ReadAsync(
            session => settingReader.FindAsync(session, TenantId.Default, operation.Kind, cancellationToken), cancellationToken);
        return new JsonResult(SettingValue.Show(operation.Kind, stored, options.ReturnsProviderSecrets));
    }

    private static async Task<Results<JsonResult, ApiError>> WriteAsync(
        SettingOperation operation, SettingBody body, HttpContext context, ChangeSetting change, CancellationToken cancellationToken)
    {
        var stored = await change.RunAsync(
            operation.Kind,
            before => operation.Write == SettingWrite.Replace
                ? SettingValue.Replace(operation.Kind, before, body.Raw)
                : SettingValue.Merge(operation.Kind, before, body.Raw),
            ApiOperation.Succeeded(context, 200, userId: null, body.Loggable),
            cancellationToken);
        return new JsonResult(operation.Write == SettingWrite.MergeAndShow
            ? SettingValue.Show(operation.Kind, stored, withSecrets: false)
            : SettingValue.Echo(operation.Kind, body.Raw));
    }
}

internal enum SettingWrite
{
    /// <summary>Answered, as all settings of factors are, with what was sent and not with what is stored.</summary>
    Replace,

    Merge,

    /// <summary>Answered with what is stored.</summary>
    MergeAndShow,
}

/// <summary>Which setting an endpoint is about: metadata of the endpoint, bound from there.</summary>
internal sealed record SettingOperation(SettingKind Kind, SettingWrite Write, Type Type)
{
    public static ValueTask<SettingOperation> BindAsync(HttpContext context, ParameterInfo _) =>
        ValueTask.FromResult(context.GetEndpoint()!.Metadata.GetRequiredMetadata<SettingOperation>());
}

/// <summary>A body of the type that the endpoint's <see cref="SettingOperation"/> names.</summary>
internal sealed record SettingBody(JsonElement Raw, JsonElement Loggable)
{
    public static async ValueTask<SettingBody> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var operation = await SettingOperation.BindAsync(context, parameter);
        var payload = await CheckedPayload.ReadAsync(context, operation.Type);
        return new SettingBody(payload.Raw, payload.Loggable);
    }
}
