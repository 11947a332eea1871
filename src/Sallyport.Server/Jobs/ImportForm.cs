using Sallyport.Server.Http.Payloads;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Sallyport.Server.Http;

namespace Sallyport.Server.Jobs;

/// <summary>
/// Body of <c>POST /jobs/users-imports</c>. It is read into memory and nowhere else: the framework's reader would put what is larger
/// into a temporary file, and keys of second factors with it.
/// </summary>
internal sealed class ImportForm : IEndpointParameterMetadataProvider
{
    private const int MaxBoundaryLength = 100;

    private readonly Dictionary<string, byte[]> parts = new(StringComparer.Ordinal);

    private ImportForm()
    {
    }

    public ReadOnlyMemory<byte> Users => parts[ImportParts.File];

    public IReadOnlyList<ReadOnlyMemory<byte>> Records { get; private set; } = [];

    public JobParametersV1 Parameters { get; private set; } = new();

    /// <exception cref="ApiException">400 that names the part and the fault, 413 where the file is too large.</exception>
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
        var bytes = await ReadAsync(section.Body, isFile ? ImportFile.MaxSize : ImportParts.MaxTextLength, cancellationToken);
        if (bytes is null)
        {
            throw new ApiException(isFile
                ? new ApiError(413, $"The file of users is larger than {ImportFile.MaxSize / 1024} kB", ErrorCodes.InvalidBody)
                : ApiError.Payload($"Must not be longer than {ImportParts.MaxTextLength} bytes", name));
        }

        if (!parts.TryAdd(name, bytes))
        {
            throw new ApiException(ApiError.Payload("Is there twice", name));
        }
    }

    /// <returns>Null where there is more than the limit.</returns>
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

        Records = ImportFile.Cut(Users);
        Parameters = new JobParametersV1
        {
            ConnectionId = Text("connection_id"),
            Upsert = Truth("upsert") ?? false,
            ExternalId = Text("external_id"),
            SendCompletionEmail = Truth("send_completion_email") ?? true,
        };
    }

    /// <summary>Some clients send an empty text for what they do not have.</summary>
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

    private bool? Truth(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw new ApiException(ApiError.Payload("Expected true or false", name)),
    };
}
