namespace Sallyport.Server.Http;

/// <summary>A caller's mistake found while its request is read, before any handler runs.</summary>
internal sealed class ApiException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
