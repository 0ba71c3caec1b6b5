using System.Text;
using FitTrack.ServiceDefaults.Http;

namespace FitTrack.Web.Api;

/// <summary>Tells the Api whose browser a call is made for, so that limits and sign-ins are counted by visitor, with the proof that it is us who says so.</summary>
internal sealed class VisitorAddress(IHttpContextAccessor context, IConfiguration configuration) : DelegatingHandler
{
    private static readonly string[] Ours = [ClientAddress.ForwardedFor, ClientAddress.ProofHeader, "User-Agent"];

    private readonly string? _proof = ClientAddress.FrontEndProof(configuration);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A call that is tried again comes by here again.
        foreach (var header in Ours)
            request.Headers.Remove(header);
        if (_proof is not null && context.HttpContext?.Connection.RemoteIpAddress is { } visitor)
        {
            request.Headers.Add(ClientAddress.ForwardedFor, visitor.ToString());
            request.Headers.Add(ClientAddress.ProofHeader, _proof);
        }

        // Names the device in the member's list of sessions. HttpClient sends ASCII only.
        if (context.HttpContext?.Request.Headers.UserAgent.ToString() is { Length: > 0 } browser && Ascii.IsValid(browser))
            request.Headers.TryAddWithoutValidation("User-Agent", browser);

        return base.SendAsync(request, cancellationToken);
    }
}
