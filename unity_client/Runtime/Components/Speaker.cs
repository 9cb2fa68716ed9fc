using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>The AudioSource of one layer: it loops ones while the layer is heard. Main thread.</summary>
    internal sealed class Speaker
    {
        private readonly AudioSource _source;

        public Speaker(AudioSource source)
        {
            _source = source;
            _source.playOnAwake = false;
            _source.Stop();
        }

        /// <summary>Sets the source up anew; a null placement is not the engine's to place.</summary>
        public void Prepare(PlacementInfo placement)
        {
            Stop();
            if (placement == null)
            {
                SourceSetup.Flat(_source);
            }
            else
            {
                SourceSetup.Spatial(_source);
                SourceSetup.Shape(_source, placement);
            }
        }

        /// <summary>Follows an edit of the scene's file while it plays.</summary>
        public void Reshape(PlacementInfo placement)
        {
            SourceSetup.Shape(_source, placement);
        }

        /// <summary>Plays what is heard and pauses what is not; returns whether samples are wanted.</summary>
        public bool Follow(bool heard, LayerVoice voice)
        {
            // With its effects bypassed the ones themselves would be heard.
            _source.bypassEffects = false;
            if (heard && !_source.isPlaying)
            {
                _source.Play();
            }
            else if (!heard && _source.isPlaying && voice.IsSilent)
            {
                // Its gains have arrived at nothing: no click. Its scene's time stands still from here on.
                _source.Pause();
            }

            return _source.isPlaying && (!AudioListener.pause || _source.ignoreListenerPause);
        }

        /// <summary>Stops at once.</summary>
        public void Stop()
        {
            if (_source == null)
            {
                return;
            }

            _source.Stop();
            if (_source.clip != null)
            {
                Object.Destroy(_source.clip);
                _source.clip = null;
            }
        }
    }
}
