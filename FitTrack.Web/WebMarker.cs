namespace FitTrack.Web;

/// <summary>Names this assembly for <c>WebApplicationFactory</c>: every program's <c>Program</c> is public, so that name is taken.</summary>
public sealed class WebMarker;
