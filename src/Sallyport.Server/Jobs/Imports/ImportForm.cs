using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Jobs.Imports;

/// <summary>
/// Body of <c>POST /jobs/users-imports</c>. It is read into memory: the framework's reader would write a large body to a temporary
/// file, and with it keys of second factors.
/// </summary>
internal sealed class ImportForm : IEndpointParameterMetadataProvider
{
    private const int MaxBoundaryLength = 100;

    private readonly Dictionary<string, byte[]> parts = new(StringComparer.Ordinal);
    private JsonArrayRecords records = JsonArrayRecords.Empty;
    private JobParametersV1 parameters = new();

    private ImportForm()
    {
    }

    public bool IsUpsert => parameters.Upsert == true;

    public bool HasFactors => records.HasFactors;

    /// <exception cref="ApiException">400 that names the part and the fault; 413 if the file is too large.</exception>
    public static async ValueTask<ImportForm> BindAsync(HttpContext context, ParameterInfo _)
    {
        var form = new ImportForm();
        try
        {
            var reader = new MultipartReader(Boundary(context.Request), context.Request.Body);
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                await form.ReadAsync(section, context.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new ApiException(ApiError.Payload("Malformed form"));
        }

        form.Check();
        return form;
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(ImportParts)) { IsFileForm = true });

    public ImportRequest ToRequest() => new(parts[ImportParts.File], records.Items.Count, parameters);

    private static string Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= MaxBoundaryLength } boundary
            ? boundary
            : throw new ApiException(ApiError.Payload("Expected a form of type multipart/form-data"));

    private async Task ReadAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        var name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            ? HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? ""
            : "";
        if (ImportParts.All.All(part => part.Name != name))
        {
            throw new ApiException(ApiError.Payload($"Additional properties not allowed: {PayloadText.Shorten(name)}"));
        }

        var isFile = name == ImportParts.File;
        var bytes = await ReadAsync(section.Body, isFile ? ImportParts.MaxFileSize : ImportParts.MaxTextLength, cancellationToken);
        if (bytes is null)
        {
            throw new ApiException(isFile
                ? new ApiError(413, $"The file of users is larger than {ImportParts.MaxFileSize / 1024} kB", ErrorCodes.InvalidBody)
                : ApiError.Payload($"Must not be longer than {ImportParts.MaxTextLength} bytes", name));
        }

        if (!parts.TryAdd(name, bytes))
        {
            throw new ApiException(ApiError.Payload("The part was sent twice", name));
        }
    }

    /// <returns>Null if the part is longer than the limit.</returns>
    private static async Task<byte[]?> ReadAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[limit + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > limit ? null : buffer[..length];
    }

    private void Check()
    {
        if (ImportParts.All.FirstOrDefault(part => part.IsRequired && !parts.ContainsKey(part.Name)) is { } missing)
        {
            throw new ApiException(ApiError.Payload($"Missing required property: {missing.Name}"));
        }

        records = JsonArrayRecords.Read(parts[ImportParts.File]);
        parameters = new JobParametersV1
        {
            // No connection has an empty id.
            ConnectionId = Text("connection_id") ?? "",
            Upsert = Bool("upsert") ?? false,
            ExternalId = Text("external_id"),
            SendCompletionEmail = Bool("send_completion_email") ?? true,
        };
    }

    /// <summary>Some clients send an empty text for a missing value.</summary>
    private string? Text(string name)
    {
        if (!parts.TryGetValue(name, out var bytes) || bytes.Length == 0)
        {
            return null;
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text.Contains('\0') ? throw new ApiException(ApiError.Payload("String contains a NUL character", name)) : text;
        }
        catch (DecoderFallbackException)
        {
            throw new ApiException(ApiError.Payload("String is not valid Unicode", name));
        }
    }

    private bool? Bool(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw new ApiException(ApiError.Payload("Expected true or false", name)),
    };
}

/// <summary>The parts of the form. Any other part is refused.</summary>
public sealed record ImportParts
{
    internal const string File = "users";

    internal const int MaxFileSize = 500 * 1024;

    /// <summary>The longest part that is not a file, in bytes.</summary>
    internal const int MaxTextLength = 300;

    internal static readonly IReadOnlyList<JsonPropertyInfo> All = [.. JobJson.Default.ImportParts.Properties];

    /// <summary>A JSON array of users, of 500 kB at the most.</summary>
    [JsonPropertyName(File), JsonRequired, FilePart]
    public byte[] Users { get; init; } = [];

    [JsonPropertyName("connection_id"), JsonRequired, StringLength(MaxTextLength)]
    public string ConnectionId { get; init; } = "";

    /// <summary>Whether existing users are changed instead of refused. Needs <c>update:users</c>.</summary>
    [JsonPropertyName("upsert")]
    public bool? Upsert { get; init; }

    /// <summary>Returned with the job.</summary>
    [JsonPropertyName("external_id"), StringLength(MaxTextLength)]
    public string? ExternalId { get; init; }

    [JsonPropertyName("send_completion_email")]
    public bool? SendCompletionEmail { get; init; }
}
